import Foundation
import FoundationXML
import Plots
import Testing

/// Plots as a reader of SVG finds them.
@Suite struct PlotTests {
  private static let nasty = "<a href=\"x\">&</a>"
  private static var plots: [(String, any Plot)] {
    [
      (
        "lines",
        LinePlot(
          quantity: nasty,
          lines: [
            .init(name: nasty, values: [3, 2, .nan, 1]),
            .init(name: "one", values: [2], role: .reference),
            .init(name: "limit", values: [4, 4, 4, 4], role: .limit),
          ], first: 1, counted: "epoch", size: .half)
      ),
      ("no line", LinePlot(quantity: nasty, lines: [.init(name: "none", values: [.nan])])),
      (
        "decades",
        LinePlot(
          quantity: "", lines: [.init(name: "x", values: [0, 1e-9, 7])], isLogarithmic: true)
      ),
      (
        "histogram",
        Histogram(
          quantity: nasty,
          groups: [
            .init(name: nasty, values: [1, 2, 2, .infinity]), .init(name: "none", values: []),
          ],
          density: ("curve", { exp(-$0 * $0) }))
      ),
      (
        "equal values",
        Histogram(quantity: "", groups: [.init(name: "", values: [5, 5])], size: .small)
      ),
      (
        "no width",
        Histogram(
          quantity: "", groups: [.init(name: "", values: [1e12, .nan, -.infinity])],
          range: 1e12...1e12)
      ),
      (
        "all widths",
        Histogram(
          quantity: "",
          groups: [
            .init(
              name: "", values: [-Double.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude])
          ])
      ),
      (
        "plane",
        ScatterPlot(
          quantity: nasty, axes: ["a", nasty],
          groups: [.init(name: nasty, points: [SIMD3(1, 2, 0), SIMD3(.nan, 1, 0)])])
      ),
      (
        "space",
        ScatterPlot(
          quantity: "", axes: ["1", "2", nasty],
          groups: [.init(name: "", points: [SIMD3(1, 2, 3)]), .init(name: "none", points: [])])
      ),
      (
        "bars",
        BarPlot(
          quantity: nasty,
          bars: [.init(name: nasty, value: 2), .init(name: "", value: -1, kind: 1)],
          kinds: [nasty, "b"], counted: "bar")
      ),
    ]
  }

  @Test(arguments: plots.indices)
  func areWellFormed(index: Int) throws {
    let (name, plot) = Self.plots[index]
    for text in [plot.svg, plot.file] {
      let reader = SVGReader(text)
      #expect(reader.isWellFormed, "\(name): \(reader.reason)")
      #expect(reader.root == "svg" && reader.rootAttributes["role"] == "img")
      #expect(reader.rootAttributes["aria-label"]?.isEmpty == false)
      #expect(!text.contains("nan") && !text.contains("inf"), "\(name)")
    }
    #expect(!plot.svg.contains("http"))
    #expect(plot.file.contains("xmlns=") && plot.file.contains("prefers-color-scheme:dark"))
  }

  @Test func namesAreEscaped() {
    for (_, plot) in Self.plots { #expect(!plot.svg.contains("<a href")) }
  }

  @Test func linesHaveAPointForEachFiniteValue() throws {
    let reader = SVGReader(
      LinePlot(
        quantity: "",
        lines: [.init(name: "a", values: [1, 2, .nan, 4]), .init(name: "b", values: [5])]
      ).svg)
    // The legend has one of two points for each line; a line of one point is a disc.
    #expect(reader.points.sorted() == [2, 2, 3])
    #expect(reader.count["circle"] == 1)
  }

  @Test func histogramsAreDensities() throws {
    // Two bins of width one half: all values in the first have density 2, and its top is the plot's.
    let plot = Histogram(
      quantity: "", groups: [.init(name: "", values: [0.1, 0.2, 0.3])], range: 0...1, bins: 2)
    let path = try #require(SVGReader(plot.svg).paths.first)
    let places = path.dropFirst().split(separator: " ").map { $0.split(separator: ",") }
    #expect(places.count == 6)
    #expect(places[1][1] == "26.0" && places[2][1] == "26.0", "\(path)")
    #expect(places[3][1] == places[0][1] && places[4][1] == places[0][1])
  }

  @Test func scattersNameEachClassAndDrawEachPoint() {
    let groups = ["cat", "dog"].map { name in
      ScatterPlot.Group(name: name, points: (0..<5).map { SIMD3(Double($0), 0, 0) })
    }
    let plot = ScatterPlot(quantity: "codes", axes: ["a", "b"], groups: groups)
    let reader = SVGReader(plot.svg)
    // The clouds, then the legend's discs.
    #expect(reader.paths.map { $0.count { $0 == "M" } } == [5, 5, 1, 1])
    for name in ["cat", "dog"] {
      #expect(plot.svg.components(separatedBy: ">\(name)</text>").count == 3)
    }
  }

  @Test(arguments: [
    ([0.0, 1.0], 0.0, 1.0), ([3.2, 97.1], 0, 100), ([-0.5, 0.5], -0.6, 0.6), ([7, 7], 7, 7.00001),
  ])
  func axesHoldTheirValues(values: [Double], low: Double, high: Double) throws {
    let axis = try #require(Axis(values))
    let (first, last) = (try #require(axis.ticks.first), try #require(axis.ticks.last))
    #expect(first <= values[0] && last >= values[1])
    #expect(first >= low - 0.1 && last <= high + 0.1)
    #expect((2...8).contains(axis.ticks.count))
    for value in values { #expect((0...1).contains(axis.position(of: value))) }
  }

  @Test func axesOfGivenEndsMarkInside() {
    let axis = Axis(1...10, wholeMarks: true)
    #expect(axis.ticks.allSatisfy { $0 == $0.rounded() && (1...10).contains($0) })
    #expect(axis.position(of: 1) == 0 && axis.position(of: 10) == 1)
    #expect(Axis(-4...4).ticks.map(axis.label) == ["−4", "−2", "0", "2", "4"])
  }
}

/// What a test wants to know of an SVG.
private final class SVGReader: NSObject, XMLParserDelegate {
  private(set) var isWellFormed = false
  private(set) var reason = ""
  private(set) var root = ""
  private(set) var rootAttributes: [String: String] = [:]
  /// How many elements there are of each name.
  private(set) var count: [String: Int] = [:]
  /// How many points each polyline has.
  private(set) var points: [Int] = []
  /// The places of each path that is an area or a cloud.
  private(set) var paths: [String] = []

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
    reason = parser.parserError.map { "\($0) in \(text)" } ?? ""
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if root.isEmpty { (root, rootAttributes) = (name, attributes) }
    count[name, default: 0] += 1
    let style = attributes["class"] ?? ""
    if name == "polyline" {
      points.append((attributes["points"] ?? "").split(separator: " ").count)
    }
    if name == "path", style.hasPrefix("area") || style.hasPrefix("points") {
      paths.append(attributes["d"] ?? "")
    }
  }
}
