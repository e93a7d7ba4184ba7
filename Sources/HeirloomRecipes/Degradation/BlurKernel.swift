import Foundation
public import HeirloomTensors

/// A small picture that pictures are blurred with: what lenses, motion and bad enlargements do (Wang et al. 2021).
public struct BlurKernel: Codable, Hashable, Sendable {
    /// What falls off from the middle.
    public enum Shape: String, Codable, Hashable, Sendable, CaseIterable {
        /// exp(−q / 2).
        case gaussian
        /// exp(−qᵝ / 2): flatter or more pointed.
        case generalized
        /// 1 / (1 + qᵝ): flat in the middle.
        case plateau
        /// The ideal low-pass disc, which rings.
        case sinc
    }

    /// What falls off.
    public var shape: Shape
    /// Samples along each side, odd.
    public var size: Int
    /// Deviation along the rotated axes, in samples.
    public var deviationX: Double, deviationY: Double
    /// Radians, from the first axis towards the second.
    public var rotation: Double
    /// The exponent β of ``Shape/generalized`` and ``Shape/plateau``.
    public var exponent: Double
    /// Where ``Shape/sinc`` ends, in radians per sample, up to π.
    public var cutoff: Double

    /// A bell of one of the first three shapes; equal in both directions where no second deviation is given.
    public init(
        _ shape: Shape = .gaussian, size: Int, deviationX: Double, deviationY: Double? = nil, rotation: Double = 0,
        exponent: Double = 1
    ) {
        self.shape = shape
        self.size = size
        self.deviationX = deviationX
        self.deviationY = deviationY ?? deviationX
        self.rotation = rotation
        self.exponent = exponent
        cutoff = .pi
    }

    /// A low-pass disc.
    public init(sinc cutoff: Double, size: Int) {
        self.init(.sinc, size: size, deviationX: 1)
        self.cutoff = cutoff
    }

    /// The kernel, with zeros around it up to a size; the sum is 1.
    /// - Returns: float64 `[padded, padded]` on the CPU.
    /// - Precondition: Sizes are odd, the padded one not smaller.
    public func tensor(padded: Int? = nil) -> Tensor {
        let whole = padded ?? size
        precondition(
            size > 0 && size % 2 == 1 && whole % 2 == 1 && whole >= size, "a kernel of size \(size) within \(whole)")
        let values = numbers()
        let sum = values.reduce(0, +)
        let margin = (whole - size) / 2
        return Tensor(values.map { $0 / sum }, shape: [1, 1, size, size])
            .padded([margin, margin, margin, margin]).reshaped([whole, whole])
    }

    private func numbers() -> [Double] {
        let middle = Double(size - 1) / 2
        let (c, s) = (cos(rotation), sin(rotation))
        let (a, b) = (1 / (deviationX * deviationX), 1 / (deviationY * deviationY))
        // The inverse of R · diag(σ²) · Rᵀ.
        let (xx, xy, yy) = (c * c * a + s * s * b, c * s * (a - b), s * s * a + c * c * b)
        return (0..<size * size).map { index in
            let (x, y) = (Double(index % size) - middle, Double(index / size) - middle)
            let q = xx * x * x + 2 * xy * x * y + yy * y * y
            switch shape {
            case .gaussian: return exp(-q / 2)
            case .generalized: return exp(-pow(q, exponent) / 2)
            case .plateau: return 1 / (1 + pow(q, exponent))
            case .sinc:
                let radius = (x * x + y * y).squareRoot()
                return radius > 0
                    ? cutoff * j1(cutoff * radius) / (2 * .pi * radius) : cutoff * cutoff / (4 * .pi)
            }
        }
    }
}
