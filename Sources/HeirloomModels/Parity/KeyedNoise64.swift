public import HeirloomTensors

/// Weights and inputs made from names by a 64-bit hash: networks can be compared with a reference without weight files.
///
/// FNV-1a-64 of `SEED:NAME` starts a SplitMix64 sequence, whose upper 24 bits are a number in −1 ..< 1, exact in float32.
public struct KeyedNoise64: Sendable {
    /// Which network: it sets the scale of the weights.
    public enum Family: String, Sendable, CaseIterable {
        case rrdb, srvgg, disc, lite, vgg

        /// The deviation of a layer's output for inputs of deviation 1.
        var gain: Double {
            switch self {
            case .rrdb: 1.1
            case .srvgg: 1.3
            case .disc: 1
            case .lite: 1.25
            case .vgg: 1.4
            }
        }
    }

    /// The seed that a kit states.
    public let seed: Int

    /// Starts from a seed.
    public init(seed: Int) { self.seed = seed }

    /// FNV-1a-64 of a text's UTF-8 bytes.
    public static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// The first numbers of a name, in −1 ..< 1.
    public func numbers(_ name: String, count: Int) -> [Double] {
        let start = Self.hash("\(seed):\(name)")
        return (0..<count).map { index in
            var z = start &+ UInt64(truncatingIfNeeded: index &+ 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z &>> 31
            return Double(z &>> 40) / 8_388_608 - 1
        }
    }

    /// The tensor of a name: float32, or int64 zeros for a counter.
    /// - Returns: Nil for names that the formulas do not cover; vectors of spectral normalisation have their own
    ///   function, ``spectralVectors(of:weight:)``.
    public func tensor(_ key: String, shape: [Int], family: Family) -> Tensor? {
        let leaf = key.split(separator: ".").last.map(String.init) ?? key
        if leaf == "num_batches_tracked" { return .zeros(shape, dtype: .int64) }
        let count = shape.reduce(1, *)
        let value: (Double) -> Double
        switch (leaf, shape.count) {
        case ("weight", 2...), ("weight_orig", 2...):
            let fanIn = shape.dropFirst().reduce(1, *)
            let scale = family.gain * (3 / Double(fanIn)).squareRoot()
            let last = family == .rrdb && key == "conv_body.weight" ? 0.1 : 1
            value = { scale * $0 * last }
        case ("weight", _): value = family == .srvgg ? { 0.25 + 0.15 * $0 } : { 1 + 0.25 * $0 }
        case ("bias", _): value = { 0.05 * $0 }
        case ("running_mean", _): value = { 0.1 * $0 }
        case ("running_var", _): value = { 1 + 0.5 * $0 }
        default: return nil
        }
        return Tensor(numbers(key, count: count).map { Float(value($0)) }, shape: shape)
    }

    /// The vectors `weight_u` and `weight_v` of a spectrally normalised layer.
    /// - Parameter weight: Its `weight_orig` as ``tensor(_:shape:family:)`` makes it.
    public func spectralVectors(of layer: String, weight: Tensor) -> (u: Tensor, v: Tensor) {
        func unit(_ vector: Tensor) -> Tensor { vector / vector.norm() }
        let u = unit(Tensor(numbers("\(layer).weight_u", count: weight.shape[0])))
        let v = unit(weight.to(dtype: .float64).flattened(from: 1).swappingAxes(0, 1).matmul(u))
        return (u.to(dtype: .float32), v.to(dtype: .float32))
    }

    /// The input picture of a case: a coarse pattern and noise, in 0 ..< 1.
    /// - Parameter shape: `[N, C, H, W]`.
    public func input(_ name: String, shape: [Int]) -> Tensor {
        let (channels, height, width) = (shape[1], shape[2], shape[3])
        let noise = numbers("input:\(name)", count: shape.reduce(1, *))
        let values = noise.enumerated().map { index, u in
            let (x, y, c) = (index % width, index / width % height, index / (width * height) % channels)
            return Float(0.5 * (Double((3 * y + 5 * x + 17 * c) % 64) / 63) + 0.25 * (u + 1))
        }
        return Tensor(values, shape: shape)
    }
}
