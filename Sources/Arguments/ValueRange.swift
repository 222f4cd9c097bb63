/// The values an option takes, in words that complete "--epochs must be …".
public struct ValueRange<Value> {
  /// "at least 1"
  let description: String
  /// The spelling of what lies outside, or nil where nothing does.
  let violation: (Value) -> String?

  /// Every number of a list in `range`.
  public static func each<Element>(_ range: ValueRange<Element>) -> ValueRange
  where Value == [Element] {
    ValueRange(description: "\(range.description) each") { values in
      values.lazy.compactMap(range.violation).first
    }
  }
}

extension ValueRange where Value == String {
  /// Names of files with one of these endings, in capitals or not; devices, such as `/dev/stdout`, have none.
  public static func ending(in endings: String...) -> ValueRange {
    ValueRange(description: "a name that ends in \(endings.joined(separator: " or "))") { name in
      name.hasPrefix("/dev/") || endings.contains(where: name.lowercased().hasSuffix) ? nil : name
    }
  }
}

extension ValueRange where Value: Comparable & ExpressibleByArgument {
  private init(_ description: String, contains: @escaping (Value) -> Bool) {
    self.init(description: description) { contains($0) ? nil : $0.defaultValueDescription }
  }

  /// [lower, ∞)
  public static func atLeast(_ lower: Value) -> ValueRange {
    ValueRange("at least \(lower.defaultValueDescription)") { $0 >= lower }
  }

  /// (lower, ∞)
  public static func above(_ lower: Value) -> ValueRange {
    ValueRange("greater than \(lower.defaultValueDescription)") { $0 > lower }
  }

  /// [lower, upper]
  public static func between(_ lower: Value, and upper: Value) -> ValueRange {
    let bounds = "\(lower.defaultValueDescription) and \(upper.defaultValueDescription)"
    return ValueRange("between \(bounds)") { lower <= $0 && $0 <= upper }
  }
}
