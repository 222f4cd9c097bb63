import Foundation

extension BLASFaults {
  private static let product = "BLASBackend/Product.swift"
  private static let dense = "BLASBackend/BLASBackend+Dense.swift"
  private static let pool = "BLASBackend/ThreadPool.swift"

  /// SGEMM with its operands cut to the bits of `mask`, rounded to nearest.
  private static func sgemm(roundingBy half: String, mask: String, from depth: Int = 0) -> String {
    """
        func rounded(_ values: UnsafePointer<Float>, _ count: Int) -> UnsafeMutablePointer<Float> {
          let copy = UnsafeMutablePointer<Float>.allocate(capacity: count)
          for index in 0..<count {
            let bits = values[index].bitPattern
            copy[index] =
              inner < \(depth) ? values[index] : Float(bitPattern: (bits &+ \(half)) & \(mask))
          }
          return copy
        }
        let left = rounded(self.left, rows * inner)
        let right = rounded(self.right, inner * columns)
        defer {
          left.deallocate()
          right.deallocate()
        }
        cblas_sgemm(
    """
  }

  static let products = [
    Fault(
      product, "operands rounded to bf16", "    cblas_sgemm(",
      sgemm(roundingBy: "0x8000", mask: "0xFFFF_0000")),
    Fault(
      product, "operands rounded to TF32", "    cblas_sgemm(",
      sgemm(roundingBy: "0x1000", mask: "0xFFFF_E000")),
    Fault(
      product, "operands of deep products alone rounded to TF32", "    cblas_sgemm(",
      sgemm(roundingBy: "0x1000", mask: "0xFFFF_E000", from: 256)),
    Fault(product, "off by 1e-4", "1, left + leftStart", "1.0001, left + leftStart"),
    Fault(
      product, "last term dropped", "blasint(block.columns.count), blasint(terms.count),",
      "blasint(block.columns.count), blasint(max(terms.count - 1, 0)),"),
    Fault(
      product, "product added to what was there", "accumulate ? 1 : 0, result",
      "accumulate || terms.count > 0 ? 1 : 0, result"),
    Fault(
      product, "last row not computed", ".share(of: rows, multiple: 4)",
      ".share(of: max(rows - 1, 0), multiple: 4)"),
    Fault(
      product, "every block takes the first columns of op(B)",
      "column: block.columns.lowerBound, rows", "column: 0, rows"),
    Fault(
      product, "every block takes the first rows of op(A)",
      "row: block.rows.lowerBound, column", "row: 0, column"),
    Fault(
      product, "a block's rows written without the gaps between them",
      "result + block.start, blasint(columns))",
      "result + block.start, blasint(block.columns.count))"),
    Fault(
      product, "cut into columns alone", "func cost(_ count: Int) -> Int { 5 * rows / count +",
      "func cost(_ count: Int) -> Int { 5 * rows * count +",
      equivalent: "every element is the same sum, whichever block it is in"),
  ]

  /// A block done in pieces: each form of a product has pieces of its own. OpenBLAS has none without AVX-512.
  static let pieces = (hasAVX512 ? forms : []).flatMap { form in
    [
      Fault(
        product, "every second piece's rows left out where \(form)",
        "in block.rows.pieces(of: pieces.rows) {",
        "in block.rows.pieces(of: pieces.rows) where !(\(form)) || blockRows.lowerBound / pieces.rows % 2 == 0 {"
      ),
      Fault(
        product, "every piece written to the first's columns where \(form)",
        "blockColumns.lowerBound)\n            callSGEMM",
        "(\(form) ? block.columns.lowerBound : blockColumns.lowerBound))\n            callSGEMM"),
    ]
  }

  /// A sum done in stretches, of the two forms that have them.
  static let stretches =
    (hasAVX512 ? forms.filter { $0 != "leftForm == .transposed" } : []).flatMap { form in
      [
        Fault(
          product, "every stretch of a sum takes the first terms of op(A) where \(form)",
          "column: terms.lowerBound, rows", "column: \(form) ? 0 : terms.lowerBound, rows"),
        Fault(
          product, "every stretch of a sum takes the first terms of op(B) where \(form)",
          "row: terms.lowerBound, column", "row: \(form) ? 0 : terms.lowerBound, column"),
        Fault(
          product, "a sum's last stretch alone where \(form)", "|| terms.lowerBound > 0)",
          "|| terms.lowerBound > 0 && !(\(form)))",
          equivalent: form == "rightForm == .transposed"
            ? nil : "a layer's outputs are added to its bias from the first stretch on"),
      ]
    }

  private static let forms = [
    "leftForm == rightForm", "leftForm == .transposed", "rightForm == .transposed",
  ]
  private static let hasAVX512 =
    (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains("avx512f") ?? false

  static let layers = [
    Fault(
      dense, "weights not transposed on the way back", "rightForm: .transposed",
      "rightForm: .plain"),
    Fault(
      dense, "inputs not transposed for the weights' gradient", "leftForm: .transposed",
      "leftForm: .plain"),
    Fault(
      dense, "bias dropped",
      "update(\n        from: bias + block.columns.lowerBound, count: block.columns.count)",
      "update(repeating: 0, count: block.columns.count)"),
    Fault(
      dense, "bias of the first columns in every block", "from: bias + block.columns.lowerBound",
      "from: bias"),
    Fault(
      dense, "a block's first row added twice", "product.multiply(block, accumulate: true)",
      """
      product.multiply(block, accumulate: true)
          product.multiply(
            Product.Block(rows: block.rows.prefix(1), columns: block.columns, start: block.start),
            accumulate: true)
      """),
    Fault(
      dense, "nonlinearity applied twice",
      "    vm_activate(\n      activation, start, start, block.rows.count, block.columns.count, product.columns)",
      "    for _ in 1...2 { vm_activate(\n      activation, start, start, block.rows.count, block.columns.count, product.columns) }"
    ),
    Fault(
      dense, "nonlinearity before the bias",
      "    product.multiply(block, accumulate: true)\n    guard activation != vm_identity else { return }",
      """
          product.multiply(block, accumulate: false)
          defer {
            for row in 0..<block.rows.count {
              for column in 0..<block.columns.count {
                start[row * product.columns + column] += bias[block.columns.lowerBound + column]
              }
            }
          }
          guard activation != vm_identity else { return }
      """),
    Fault(
      dense, "nonlinearity not applied to a block's last row",
      "activation, start, start, block.rows.count,",
      "activation, start, start, max(block.rows.count - 1, 0),"),
    Fault(
      dense, "derivative of the first block's outputs", "saved + block.start,", "saved,"),
    Fault(
      dense, "bias gradient of the first columns in every part",
      "product.right + columns.lowerBound", "product.right"),
    Fault(
      dense, "bias gradient misses the last example", "product.inner, columns.count",
      "max(product.inner - 1, 0), columns.count"),
  ]

  private static let perform =
    "work.type.perform(at: work.address, Part(index: Int(taken.next), count: Int(taken.parts)))"

  static let threads = [
    Fault(
      pool, "second part of the work skipped", perform, "if taken.next != 1 { \(perform) }"),
    Fault(
      pool, "every part done twice", perform, "for _ in 1...2 { \(perform) }"),
    Fault(
      pool, "shares begin a unit too soon, in the one before",
      "units * index / count * multiple, total)..<",
      "max(units * index / count - 1, 0) * multiple, total)..<"),
    Fault(
      pool, "last, short unit in nobody's share", "(total + multiple - 1) / multiple",
      "total / multiple"),
  ]

  private static let update = "BLASBackend/BLASBackend+Update.swift"

  static let updates = [
    Fault(
      update, "gradient added to what was there", "product.multiply(block, accumulate: false)",
      "product.multiply(block, accumulate: true)"),
    Fault(
      update, "a block's rows taken for adjacent", "if block.columns.count == product.columns {",
      "if block.rows.count > 0 {"),
    Fault(
      update, "every block's step on the first parameters", "parameters + start,", "parameters,"),
    Fault(
      update, "biases left out of the step", "    adam.perform(gradient, columns.count)\n", ""),
    Fault(
      update, "all biases stepped in every part", "adam.perform(gradient, columns.count)",
      "adam.perform(biasGradient, product.columns)"),
    Fault(
      update, "a layer's first part given to the layer before",
      "part.index < layer.firstPart + layer.parts", "part.index <= layer.firstPart + layer.parts"),
  ]

  static let operations = [
    Fault(
      "BLASBackend/BLASBackend+Norm.swift", "clipped by the norm's square", ".pointee.squareRoot()",
      ".pointee"),
    Fault(
      "BLASBackend/BLASBackend+Norm.swift", "the limit's square in place of the limit",
      "factor: operation.limit / norm", "factor: operation.limit * operation.limit / norm"),
    Fault(
      "BLASBackend/BLASBackend+Norm.swift", "sums of blocks a place too far",
      "sums[block] = vm", "sums[max(block - 1, 0)] = vm"),
    Fault(
      "BLASBackend/HostMemory.swift", "memory not zeroed", "    memset(address, 0, bytes)\n", ""),
    Fault(
      "BLASBackend/BLASBackend.swift", "last element not uploaded",
      "from: source, count: tensor.count", "from: source, count: max(tensor.count - 1, 0)"),
    Fault(
      "BLASBackend/BLASBackend+Data.swift", "start of the batch ignored",
      "pixels: order == nil ? first + start * table.columns : first", "pixels: first"),
    Fault(
      "BLASBackend/BLASBackend+Data.swift", "every part begins the random sequence anew",
      "distribution, noise, range.lowerBound,", "distribution, noise, 0,"),
    Fault(
      "BLASBackend/BLASBackend+Data.swift", "columns copied from the first on",
      "pointer(to: input) + operation.columns.lowerBound", "pointer(to: input)"),
    Fault(
      "BLASBackend/BLASBackend+Data.swift", "rows copied to those of another length",
      "outputPitch: output.columns", "outputPitch: count"),
    Fault(
      "BLASBackend/BLASBackend+Posterior.swift", "step's high half ignored",
      "UInt32(truncatingIfNeeded: noise.step >> 32)", "0"),
    Fault(
      "BLASBackend/BLASBackend+Posterior.swift", "every part draws the first one's rows",
      "posterior, head, $0, rows.lowerBound,", "posterior, head, $0, 0,"),
    Fault(
      "BLASBackend/BLASBackend+Losses.swift", "every part's losses in the first one's rows",
      "rows.count, columns,\n        losses + first)", "rows.count, columns,\n        losses)"),
    Fault(
      "BLASBackend/BLASBackend+Optimizers.swift", "bias correction of the second moment forgotten",
      "inverse_root_correction: rate.inverseRootCorrection", "inverse_root_correction: 1"),
  ]
}
