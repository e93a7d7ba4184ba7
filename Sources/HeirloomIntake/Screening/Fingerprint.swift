import Foundation

/// What makes a picture the same picture after scaling, recompressing or mirroring it.
///
/// 64 bits say which of the lowest frequencies of its brightness are above their median. Copies differ in a few bits,
/// other pictures in about 32: among 3,800 different photographs no two differed in fewer than 10.
struct Fingerprint: Sendable, Equatable {
    private static let size = 8
    /// Bits in which copies may differ.
    private static let tolerance = 6
    /// Mean difference of the colours of copies, 0...255; the same garment in two colours is two pictures.
    private static let colorTolerance: Float = 20

    /// The bits of the picture, and those it would have mirrored.
    let plain: UInt64, mirrored: UInt64
    /// Mean colours of 4 × 4 fields, 0...255.
    private let fields: [SIMD3<Float>]

    init(_ miniature: PictureMiniature) {
        let side = PictureMiniature.side
        let luma = miniature.pixels.map { ($0 * SIMD3<Float>(0.299, 0.587, 0.114)).sum() }
        // Cosine transform, columns and rows, of the lowest frequencies only.
        var rows = [Float](repeating: 0, count: side * Self.size)
        for y in 0..<side {
            for u in 0..<Self.size {
                for x in 0..<side { rows[y * Self.size + u] += luma[y * side + x] * Self.cosines[u * side + x] }
            }
        }
        var transform = [Float](repeating: 0, count: Self.size * Self.size)
        for v in 0..<Self.size {
            for y in 0..<side {
                for u in 0..<Self.size {
                    transform[v * Self.size + u] += rows[y * Self.size + u] * Self.cosines[v * side + y]
                }
            }
        }
        plain = Self.bits(of: transform)
        // Mirroring turns the sign of every odd horizontal frequency.
        for index in transform.indices where index % 2 == 1 { transform[index].negate() }
        mirrored = Self.bits(of: transform)
        fields = (0..<16).map { field in
            let (top, left) = (field / 4 * 8, field % 4 * 8)
            var sum = SIMD3<Float>()
            for cell in 0..<64 { sum += miniature.pixels[(top + cell / 8) * side + left + cell % 8] }
            return sum / 64
        }
    }

    /// Whether the two pictures show the same.
    func matches(_ other: Fingerprint) -> Bool {
        if (plain ^ other.plain).nonzeroBitCount <= Self.tolerance {
            return difference(to: other) { $0 } <= Self.colorTolerance
        }
        if (plain ^ other.mirrored).nonzeroBitCount <= Self.tolerance {
            return difference(to: other) { $0 / 4 * 4 + 3 - $0 % 4 } <= Self.colorTolerance
        }
        return false
    }

    private func difference(to other: Fingerprint, _ place: (Int) -> Int) -> Float {
        fields.indices.reduce(0) { sum, index in
            let part = fields[index] - other.fields[place(index)]
            return sum + (abs(part.x) + abs(part.y) + abs(part.z)) / Float(3 * fields.count)
        }
    }

    private static let cosines: [Float] = (0..<size * PictureMiniature.side).map { index in
        let (frequency, place) = (index / PictureMiniature.side, index % PictureMiniature.side)
        let angle = Double(2 * place + 1) * Double(frequency) * .pi / Double(2 * PictureMiniature.side)
        return Float(Foundation.cos(angle))
    }

    /// A bit for each frequency above the median; the mean brightness, the first, counts for nothing.
    private static func bits(of transform: [Float]) -> UInt64 {
        let median = transform.dropFirst().sorted()[transform.count / 2 - 1]
        return transform.indices.dropFirst().reduce(0) { bits, index in
            transform[index] > median ? bits | 1 << UInt64(index) : bits
        }
    }
}
