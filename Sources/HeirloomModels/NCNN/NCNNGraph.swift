/// What the layers of an ncnn file compute, as expressions: two networks are the same when their outputs are one
/// expression, whatever the layers and blobs are called and however copies are spelled.
struct NCNNGraph {
    /// An expression: an operation, and the numbers of the expressions that it takes.
    private struct Node: Hashable {
        let operation: String
        let operands: [Int]
    }

    private var numbers: [Node: Int] = [:]
    /// How many layers with weights there were so far.
    var weighted = 0

    /// The number of an expression.
    mutating func node(_ operation: String, _ operands: [Int] = []) -> Int {
        let node = Node(operation: operation, operands: operands)
        if let number = numbers[node] { return number }
        numbers[node] = numbers.count
        return numbers.count - 1
    }

    /// The picture that goes in.
    mutating func input() -> Int { node("input") }

    /// The next layer with weights.
    mutating func convolution(_ x: Int) -> Int {
        defer { weighted += 1 }
        return node("convolution \(weighted)", [x])
    }

    /// The next layer with weights, which is an activation with a slope for each channel.
    mutating func prelu(_ x: Int) -> Int {
        defer { weighted += 1 }
        return node("prelu \(weighted)", [x])
    }

    /// x where positive, slope · x elsewhere.
    mutating func leaky(_ x: Int, _ slope: Double) -> Int { node("leaky \(Float(slope))", [x]) }

    /// The sum of two, in any order.
    mutating func sum(_ a: Int, _ b: Int) -> Int { node("sum", [min(a, b), max(a, b)]) }

    /// A multiple.
    mutating func scaled(_ x: Int, _ factor: Double) -> Int { factor == 1 ? x : node("times \(Float(factor))", [x]) }

    /// Channels one after the other.
    mutating func joined(_ parts: [Int]) -> Int { parts.count == 1 ? parts[0] : node("joined", parts) }

    /// A pixel shuffle.
    mutating func shuffled(_ x: Int, _ factor: Int) -> Int { node("shuffled \(factor)", [x]) }

    /// The nearest sample's value.
    mutating func nearest(_ x: Int, _ factor: Double) -> Int { node("nearest \(Float(factor))", [x]) }

    /// Cubic convolution.
    mutating func bicubic(_ x: Int, _ factor: Double) -> Int { node("bicubic \(Float(factor))", [x]) }
}
