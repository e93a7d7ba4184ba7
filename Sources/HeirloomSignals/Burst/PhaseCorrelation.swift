import HeirloomTensors

/// Finds how far a picture moved against another by the phases of their low frequencies (Foroosh, Zerubia, Berthod 2002).
///
/// Brightness and contrast do not matter. Frequencies from a quarter of a cycle per pixel on are left out, because there
/// pictures that are worth fusing are aliased (Vandewalle, Süsstrunk, Vetterli 2006). Good to a few hundredths of a pixel.
struct PhaseCorrelation {
    private let spectrum: Tensor
    private let window: Tensor
    private let band: Tensor
    private let height: Int
    private let width: Int

    /// - Parameter reference: luma `[1, 1, H, W]`.
    init(reference: Tensor) {
        let (height, width) = (reference.shape[2], reference.shape[3])
        (self.height, self.width) = (height, width)
        window = Self.hann(height).reshaped([height, 1]) * Self.hann(width).reshaped([1, width])
        let rows = (0..<height).map { Float(min($0, height - $0)) / Float(height) }
        let columns = (0..<width / 2 + 1).map { Float($0) / Float(width) }
        let squares =
            Tensor(rows, shape: [height, 1]).squared() + Tensor(columns, shape: [1, columns.count]).squared()
        band = (squares .< 0.25 * 0.25).to(dtype: .float32)
        spectrum = Self.spectrum(reference, window)
    }

    /// How far the scene moved down and right from the reference to `picture`: b(x) = a(x − shift).
    func shift(of picture: Tensor) -> (down: Double, right: Double) {
        let cross = Self.spectrum(picture, window) * spectrum.conjugate()
        let phases = cross / (cross.abs() + 1e-12)
        let surface = (phases * band).inverseRealFFT2(height: height, width: width)
        let peak = Int(surface.flattened().argmax(axis: 0).item())
        let (row, column) = (peak / width, peak % width)
        func value(_ r: Int, _ c: Int) -> Double {
            surface[(row + r + height) % height, (column + c + width) % width].item()
        }
        let middle = value(0, 0)
        let down = Double(row) + Self.vertex(value(-1, 0), middle, value(1, 0))
        let right = Double(column) + Self.vertex(value(0, -1), middle, value(0, 1))
        return (
            down > Double(height) / 2 ? down - Double(height) : down,
            right > Double(width) / 2 ? right - Double(width) : right
        )
    }

    private static func spectrum(_ picture: Tensor, _ window: Tensor) -> Tensor {
        ((picture - picture.mean()).reshaped(window.shape) * window).realFFT2()
    }

    private static func hann(_ count: Int) -> Tensor {
        let turns = Tensor.range(from: 0, to: Double(count)) * (2 * .pi / Double(max(count - 1, 1)))
        return 0.5 - turns.cos() * 0.5
    }

    /// The top of a parabola through three values, −0.5...0.5 from the middle one.
    private static func vertex(_ before: Double, _ middle: Double, _ after: Double) -> Double {
        let bend = before - 2 * middle + after
        return bend < 0 ? min(max(0.5 * (before - after) / bend, -0.5), 0.5) : 0
    }
}
