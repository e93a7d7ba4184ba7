public import HeirloomTensors

/// CIE 1976 L*a*b* with the white D65: distances roughly as the eye sees them.
public enum Lab {
    /// Rows: X, Y, Z of linear sRGB (IEC 61966-2-1).
    private static let toXYZ: [[Double]] = [
        [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041],
    ]
    private static let fromXYZ: [[Double]] = [
        [3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252],
    ]
    private static let white = [0.95047, 1.0, 1.08883]
    private static let threshold = 6.0 / 29

    /// L* (0...100), a* and b* (about −110...110) of sRGB pictures.
    /// - Shape: `[…, 3, H, W]` → `[…, 3, H, W]`; range 0...1, gamma-coded.
    public static func fromSRGB(_ rgb: Tensor) -> Tensor {
        let axis = rgb.rank - 3
        let f = product(toXYZ, SRGB.linear(rgb)).enumerated().map { index, value in
            let t = value / white[index]
            let cube = threshold * threshold * threshold
            return `where`(
                t .> cube, t.clamped(to: cube...).raised(to: 1.0 / 3), t / (3 * threshold * threshold) + 4.0 / 29)
        }
        return concatenated([f[1] * 116 - 16, (f[0] - f[1]) * 500, (f[1] - f[2]) * 200], axis: axis)
    }

    /// sRGB pictures of L*, a*, b*, not clamped. Shape `[…, 3, H, W]` → `[…, 3, H, W]`.
    public static func toSRGB(_ lab: Tensor) -> Tensor {
        let axis = lab.rank - 3
        let y = (channel(lab, 0) + 16) / 116
        let xyz = [y + channel(lab, 1) / 500, y, y - channel(lab, 2) / 200].enumerated().map { index, f in
            `where`(f .> threshold, f * f * f, (f - 4.0 / 29) * (3 * threshold * threshold)) * white[index]
        }
        return SRGB.encoded(concatenated(product(fromXYZ, concatenated(xyz, axis: axis)), axis: axis))
    }

    private static func channel(_ x: Tensor, _ index: Int) -> Tensor {
        x.sliced(axis: x.rank - 3, from: index, to: index + 1)
    }

    private static func product(_ matrix: [[Double]], _ x: Tensor) -> [Tensor] {
        matrix.map { row in channel(x, 0) * row[0] + channel(x, 1) * row[1] + channel(x, 2) * row[2] }
    }
}
