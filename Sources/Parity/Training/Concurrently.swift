import Dispatch

/// What `work` makes of every number below `count`, as many at once as there are processors: for runs that
/// share nothing but what none of them changes.
///
/// - Throws: the error of the lowest number that has one.
func concurrently<Value>(_ count: Int, _ work: (Int) throws -> Value) throws -> [Value] {
  var results = [Result<Value, any Error>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    nonisolated(unsafe) let (results, work) = (results, work)
    DispatchQueue.concurrentPerform(iterations: count) { index in
      results[index] = Result { try work(index) }
    }
  }
  return try results.compactMap { try $0?.get() }
}
