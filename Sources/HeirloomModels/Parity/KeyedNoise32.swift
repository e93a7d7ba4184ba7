public import HeirloomTensors

/// Weights and inputs made from names by a 32-bit hash, in the form that the colouriser's kit uses.
///
/// FNV-1a-32 of `SEED|NAME` plus the index times a constant goes through a 32-bit mixer; its upper 24 bits are a number
/// in −1 ..< 1, exact in float32.
public struct KeyedNoise32: Sendable {
    /// The seed text that a kit states.
    public let seed: String

    /// Starts from a seed.
    public init(seed: String) { self.seed = seed }

    /// FNV-1a-32 of the seed, a bar and a name.
    public func hash(_ name: String) -> UInt32 {
        "\(seed)|\(name)".utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    /// One number of a name, in −1 ..< 1.
    public static func number(_ hash: UInt32, _ index: Int) -> Double {
        var x = hash &+ UInt32(truncatingIfNeeded: index) &* 0x9E37_79B9
        x ^= x &>> 16
        x = x &* 0x7FEB_352D
        x ^= x &>> 15
        x = x &* 0x846C_A68B
        x ^= x &>> 16
        return (Double(x &>> 8) - 8_388_608) / 8_388_608
    }

    /// Plain numbers `scale · r + offset` as a float32 tensor.
    public func plain(_ name: String, shape: [Int], scale: Double = 1, offset: Double = 0) -> Tensor {
        let hash = hash(name)
        return Tensor((0..<shape.reduce(1, *)).map { Float(scale * Self.number(hash, $0) + offset) }, shape: shape)
    }

    /// The value at a row-major index of the tensor of a name, nil where the formulas do not cover the name.
    public func value(_ key: String, shape: [Int]) -> ((Int) -> Double)? {
        let hash = hash(key)
        let count = shape.reduce(1, *)
        let outputs = shape.first ?? 1
        let inputs = max(1, count / max(1, outputs))
        func r(_ index: Int) -> Double { Self.number(hash, index) }
        func sign(_ index: Int) -> Double { index % 2 == 0 ? 1 : -1 }
        let leaf = key.split(separator: ".").last.map(String.init) ?? key
        switch (leaf, shape.count) {
        case ("num_batches_tracked", _): return { _ in 0 }
        case ("running_mean", _): return { 0.1 * r($0) }
        case ("running_var", _): return { 1 + 0.5 * r($0) }
        case ("weight_orig", _):
            let gain = key.contains(".query.") || key.contains(".key.") ? 0.25 : outputs <= 3 ? 1 : 2
            let step = 1 / (Double(outputs) * Double(inputs)).squareRoot()
            let scale = (3 * gain / Double(inputs)).squareRoot()
            return { 2.5 * (sign($0 / inputs + $0 % inputs) * step + scale * r($0)) }
        case ("weight_u", _), ("weight_v", 0...1):
            let scale = Double(count).squareRoot()
            return { sign($0) * (1 + 0.5 * r($0)) / scale }
        case ("weight_v", _): return { 0.3 * r($0) }
        case ("weight_g", _): return { 1.4 + 0.3 * r($0) }
        case ("gamma", _): return { 0.5 + 0.1 * r($0) }
        case ("weight", 2...):
            let scale = (3 * (key.hasPrefix("features.") ? 2 : 0.5) / Double(inputs)).squareRoot()
            return { scale * r($0) }
        case ("weight", _): return { 1 + 0.2 * r($0) }
        case ("bias", _): return { 0.1 * r($0) }
        default: return nil
        }
    }

    /// The tensor of a name: float32, or int64 zeros for a counter; nil where the formulas do not cover the name.
    public func tensor(_ key: String, shape: [Int]) -> Tensor? {
        if key.hasSuffix("num_batches_tracked") { return .zeros(shape, dtype: .int64) }
        guard let value = value(key, shape: shape) else { return nil }
        return Tensor((0..<shape.reduce(1, *)).map { Float(value($0)) }, shape: shape)
    }
}
