/// Takes the flicker of old film out of the brightness that the network sees.
///
/// Networks answer to brightness with colour, so a film whose exposure jumps gets colours that jump. Mean and contrast
/// of every frame are moved to their running medians in the shot. Only what the network sees is changed.
struct ExposureSteadier {
    /// `seen = luma · gain + offset`.
    struct Correction: Equatable {
        var gain: Float
        var offset: Float

        static let none = Correction(gain: 1, offset: 0)
    }

    /// Frames that the medians look back over: long against flicker, short against a change of light.
    private static let memory = 15
    private static let gains: ClosedRange<Float> = 0.8...1.25
    private static let largestShift: Float = 0.12

    private var means: [Float] = []
    private var deviations: [Float] = []

    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - thumbnail: luma 0...1.
    ///   - startsShot: forgets what came before.
    mutating func correction(for thumbnail: [Float], startsShot: Bool) -> Correction {
        if startsShot {
            means.removeAll()
            deviations.removeAll()
        }
        let count = Float(thumbnail.count)
        let mean = thumbnail.reduce(0, +) / count
        let deviation = (thumbnail.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        means.append(mean)
        deviations.append(deviation)
        if means.count > Self.memory {
            means.removeFirst()
            deviations.removeFirst()
        }
        // A flat frame (black leader, a fade) has no contrast to restore.
        guard deviation > 0.01 else { return .none }
        let gain = Self.limited(Self.median(deviations) / deviation, to: Self.gains)
        let target = mean + Self.limited(Self.median(means) - mean, to: -Self.largestShift...Self.largestShift)
        return Correction(gain: gain, offset: target - mean * gain)
    }

    private static func median(_ values: [Float]) -> Float {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    private static func limited(_ value: Float, to range: ClosedRange<Float>) -> Float {
        min(max(value, range.lowerBound), range.upperBound)
    }
}
