public import HeirloomTensors

/// How code values of a given bit depth stand for luma and chroma.
public enum QuantizationRange: Sendable, Hashable, CaseIterable {
    /// All codes: luma 0 to 2^bits − 1, chroma centred on 2^(bits − 1).
    case full
    /// The video range: luma 16 to 235 and chroma 16 to 240 in 8 bits, scaled for more.
    case limited

    private func constants(
        bits: Int
    ) -> (lumaOffset: Double, lumaScale: Double, chromaOffset: Double, chromaScale: Double) {
        precondition((8...16).contains(bits), "codes of \(bits) bits")
        let unit = Double(1 << (bits - 8))
        switch self {
        case .full:
            let largest = Double((1 << bits) - 1)
            return (0, largest, 128 * unit, largest)
        case .limited: return (16 * unit, 219 * unit, 128 * unit, 224 * unit)
        }
    }

    /// Luma 0...1 of code values (beyond it for codes outside the range), float32 of any shape.
    public func luma(codes: Tensor, bits: Int = 8) -> Tensor {
        let c = constants(bits: bits)
        return (codes.to(dtype: .float32) - c.lumaOffset) / c.lumaScale
    }

    /// Chroma −0.5...0.5 of code values, float32 of any shape.
    public func chroma(codes: Tensor, bits: Int = 8) -> Tensor {
        let c = constants(bits: bits)
        return (codes.to(dtype: .float32) - c.chromaOffset) / c.chromaScale
    }

    /// The nearest codes of luma 0...1, limited to the codes that exist: float32 whole numbers.
    public func codes(luma: Tensor, bits: Int = 8) -> Tensor {
        let c = constants(bits: bits)
        return (luma * c.lumaScale + c.lumaOffset).rounded().clamped(to: 0...Double((1 << bits) - 1))
    }

    /// The nearest codes of chroma −0.5...0.5, limited to the codes that exist: float32 whole numbers.
    public func codes(chroma: Tensor, bits: Int = 8) -> Tensor {
        let c = constants(bits: bits)
        return (chroma * c.chromaScale + c.chromaOffset).rounded().clamped(to: 0...Double((1 << bits) - 1))
    }
}
