import HeirloomSignals
import HeirloomTensors

/// Measures how much a film flickers, in units of CIELAB, and how much of that its treatment brought or took.
///
/// The value of a frame is its distance from the mean of the frames before and after: a steady change gives nothing, a
/// jump there and back gives all of it. Only places that keep still in the source count, whatever its overall brightness
/// does, because what moves changes by right; and never across a cut.
struct FlickerMeter {
    /// The flicker of one frame.
    struct Value {
        /// Mean distance in the a*b* plane.
        var color: Double
        /// Mean distance in L*.
        var brightness: Double
    }

    /// A place is still where its L*, less the picture's mean, changes by less than this from frame to frame.
    static let stillness = 3.0
    /// A frame with a smaller share of still places has no value.
    static let leastShare = 0.05

    private var held: [(input: Tensor, output: Tensor)] = []

    /// Takes the next pair of frames.
    ///
    /// - Parameters:
    ///   - input: the source in sRGB. Shape `[1, 3, H, W]`.
    ///   - output: the result in the same size.
    ///   - startsShot: whether the pair is the first of a shot.
    /// - Returns: the flicker of the frame *before*, in source and result; nil where it cannot be told.
    mutating func push(_ input: Tensor, _ output: Tensor, startsShot: Bool) -> (input: Value, output: Value)? {
        if startsShot { held = [] }
        held.append((Lab.fromSRGB(input), Lab.fromSRGB(output)))
        guard held.count == 3 else { return nil }
        defer { held.removeFirst() }
        let still = stillPlaces()
        let share = still.mean().item()
        guard share >= Self.leastShare else { return nil }
        return (value(\.input, still, share), value(\.output, still, share))
    }

    /// 1 where the source keeps still over the three frames. Shape `[1, 1, H, W]`.
    private func stillPlaces() -> Tensor {
        let lightness = held.map { pair in
            let plane = pair.input.sliced(axis: 1, from: 0, to: 1)
            return plane - plane.mean()
        }
        let first = ((lightness[1] - lightness[0]).abs() .< Self.stillness).to(dtype: .float32)
        let second = ((lightness[2] - lightness[1]).abs() .< Self.stillness).to(dtype: .float32)
        return first * second
    }

    private func value(
        _ side: KeyPath<(input: Tensor, output: Tensor), Tensor>, _ still: Tensor, _ share: Double
    ) -> Value {
        let change = held[1][keyPath: side] - (held[0][keyPath: side] + held[2][keyPath: side]) * 0.5
        let color = change.sliced(axis: 1, from: 1, to: 3).norm(axes: [1], keepingDimensions: true)
        let brightness = change.sliced(axis: 1, from: 0, to: 1).abs()
        return Value(
            color: (color * still).mean().item() / share, brightness: (brightness * still).mean().item() / share)
    }
}
