import Foundation
public import HeirloomTensors

/// The sound of a shoebox room by mirror images of the talker (Allen and Berkley, 1979).
///
/// All six walls reflect alike at every frequency. Images may be moved at random, which takes away the sweeping echoes of
/// a perfectly regular room (De Sena et al., 2015).
public struct ImageMethod: Sendable {
    /// Length, width and height in metres; one corner is the origin.
    public var size: [Double]
    /// Part of the pressure that a wall sends back, 0 up to but not including 1.
    public var reflection: Double
    /// Largest displacement of an image along each axis in metres.
    public var jitter = 0.0
    /// Samples on each side of an arrival over which its place between two samples is interpolated.
    public var reach = 40
    /// In metres a second.
    public var speedOfSound = 343.0

    /// A room of a size whose walls reflect so much.
    public init(size: [Double], reflection: Double) {
        precondition(size.count == 3 && size.allSatisfy { $0 > 0 }, "a room of \(size) m")
        precondition((0..<1).contains(reflection), "walls that send back \(reflection) of the pressure")
        self.size = size
        self.reflection = reflection
    }

    /// A room of a size in which sound falls by 60 dB in a time, by Eyring's formula.
    public init(size: [Double], reverberation: Double) {
        precondition(size.count == 3 && reverberation > 0, "a reverberation of \(reverberation) s")
        let (volume, surface) = (
            size[0] * size[1] * size[2], 2 * (size[0] * size[1] + size[0] * size[2] + size[1] * size[2])
        )
        // 24 ln 10 / c, and the energy that is left after a wall is the square of the pressure.
        let exponent = -24 * log(10) / 343 * volume / (surface * reverberation)
        self.init(size: size, reflection: exp(exponent / 2))
    }

    /// What microphones hear of an impulse at the source; sample 0 is its emission.
    ///
    /// - Parameters:
    ///   - source, microphones: in metres from the corner.
    ///   - count: samples wanted; images beyond are not computed.
    ///   - maximumOrder: largest number of reflections of an image; nil: all that arrive in time.
    ///   - generator: on the CPU, for the displacements; needed with a jitter.
    /// - Returns: Float32 `[microphones, count]` on the CPU; a free arrival at 1 m has height 1.
    public func responses(
        from source: [Double], to microphones: [[Double]], sampleRate: Int, count: Int, maximumOrder: Int? = nil,
        using generator: Generator? = nil
    ) -> Tensor {
        let farthest = Double(count + reach) / Double(sampleRate) * speedOfSound
        let axes = (0..<3).map { images(of: source[$0], axis: $0, within: farthest, of: microphones.map(\.self)) }
        func along(_ axis: Int, _ values: [Double]) -> Tensor {
            var shape = [1, 1, 1]
            shape[axis] = values.count
            return Tensor(values).reshaped(shape)
        }
        let grid = axes.map(\.places.count)
        let orders = (0..<3).map { along($0, axes[$0].orders) }.reduce(Tensor.zeros(grid, dtype: .float64), +)
        var places = (0..<3).map { along($0, axes[$0].places) + Tensor.zeros(grid, dtype: .float64) }
        if jitter > 0, let generator {
            // The talker itself stays where it is.
            let isImage = (orders .> 0.5).to(dtype: .float64)
            places = places.map {
                $0 + Tensor.uniform(grid, from: -jitter, to: jitter, dtype: .float64, using: generator) * isImage
            }
        }
        let damping = (orders * Foundation.log(max(reflection, 1e-30))).exp()
        let rows = microphones.map { microphone -> Tensor in
            let squares = (0..<3).map { (places[$0] - microphone[$0]).squared() }
            let distance = (squares[0] + squares[1] + squares[2]).sqrt()
            var isHeard = distance .< farthest
            if let maximumOrder { isHeard = isHeard * (orders .< Double(maximumOrder) + 0.5) }
            return arrivals(distance.masked(isHeard), damping.masked(isHeard), sampleRate: sampleRate, count: count)
        }
        return stacked(rows)
    }

    /// Adds an interpolated impulse for every image.
    private func arrivals(_ distance: Tensor, _ damping: Tensor, sampleRate: Int, count: Int) -> Tensor {
        let delay = distance * (Double(sampleRate) / speedOfSound)
        let whole = delay.rounded()
        let taps = Tensor((-reach...reach).map(Double.init)).unsqueezed(0)
        let bell = ((taps * (.pi / Double(reach))).cos() + 1) * 0.5
        let angle = (taps - (delay - whole).unsqueezed(1)) * .pi
        let isZero = angle.abs() .< 1e-9
        let sinc = angle.filled(1, where: isZero).sin() / angle.filled(1, where: isZero)
        let weights = sinc.filled(1, where: isZero) * bell * (damping / distance.clamped(to: 0.01...)).unsqueezed(1)
        // What lies outside at either end lands in a margin that is cut off.
        let margin = reach
        let indices = (whole.unsqueezed(1) + taps + Double(margin)).clamped(to: 0...Double(count + 2 * margin - 1))
        return Tensor.zeros([count + 2 * margin], dtype: .float64)
            .scatterAdded(axis: 0, indices: indices.to(dtype: .int64).flattened(), weights.flattened())
            .sliced(axis: 0, from: margin, to: margin + count).to(dtype: .float32)
    }

    /// Places of the mirror images along an axis, and how often each was mirrored.
    private func images(
        of source: Double, axis: Int, within distance: Double, of microphones: [[Double]]
    ) -> (places: [Double], orders: [Double]) {
        let length = size[axis]
        let far = Int((distance / (2 * length)).rounded(.up)) + 1
        var (places, orders): ([Double], [Double]) = ([], [])
        for turn in -far...far {
            for mirrored in [0, 1] {
                let place = (mirrored == 0 ? source : -source) + 2 * Double(turn) * length
                guard microphones.contains(where: { abs($0[axis] - place) < distance }) else { continue }
                places.append(place)
                orders.append(Double(abs(turn - mirrored) + abs(turn)))
            }
        }
        return (places, orders)
    }
}
