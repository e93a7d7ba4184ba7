/// Finds where a film cuts from one shot to the next, one frame late.
///
/// Frames are compared as small pictures, brightness and contrast taken out, so that flicker is no cut; how the
/// brightness is spread is compared as well. A cut must stand out from the differences around it (a fast pan is
/// no cut), and the frame after it must belong to the new picture and not to the old (a flash is no cut).
public struct ShotDetector: Sendable {
    /// Thumbnail columns.
    public static let width = 64
    /// Thumbnail rows.
    public static let height = 36

    /// The smallest difference, 0...1, that can be a cut.
    public let floor: Double
    /// How many times the usual difference a cut must have.
    public let factor: Double

    private struct Seen {
        let picture: [Float]
        let histogram: [Float]
    }

    private var previous: Seen?
    private var waiting: Seen?
    private var waitingDifference = 0.0
    private var usual: [Double] = []

    /// A detector at the start of a film.
    public init(floor: Double = 0.3, factor: Double = 2.5) {
        self.floor = floor
        self.factor = factor
    }

    /// Takes the next frame and decides about the one before.
    ///
    /// - Parameter thumbnail: luma 0...1, 64 × 36, row by row.
    /// - Returns: whether the frame *before* this one starts a shot; nil for the first call.
    /// - Precondition: the thumbnail has 2304 values.
    public mutating func push(_ thumbnail: [Float]) -> Bool? {
        let next = Self.seen(thumbnail)
        defer { waiting = next }
        guard let current = waiting else { return nil }
        let ahead = Self.difference(current, next)
        guard let before = previous else {
            previous = current
            waitingDifference = ahead
            return true
        }
        let difference = waitingDifference
        let beyond = Self.difference(before, next)
        if difference > threshold && beyond < 0.6 * difference && beyond < ahead {
            // A flash: the frame after goes on where the frame before left off, and is compared with that.
            waitingDifference = beyond
            return false
        }
        previous = current
        waitingDifference = ahead
        // The next frame agrees with this one better than with the one before the supposed cut.
        let isCut = difference > threshold && ahead < 0.8 * difference && beyond > ahead
        remember(difference, afterCut: isCut)
        return isCut
    }

    /// Decides about the last frame.
    ///
    /// - Returns: whether it starts a shot; nil when there was no frame.
    public mutating func finish() -> Bool? {
        guard waiting != nil else { return nil }
        defer { self = ShotDetector(floor: floor, factor: factor) }
        return previous == nil ? true : waitingDifference > threshold
    }

    private var threshold: Double {
        let sorted = usual.sorted()
        let middle = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        return max(floor, factor * middle + 0.1)
    }

    private mutating func remember(_ difference: Double, afterCut isCut: Bool) {
        if isCut { usual.removeAll() } else { usual.append(difference) }
        if usual.count > 12 { usual.removeFirst() }
    }

    private static func seen(_ thumbnail: [Float]) -> Seen {
        precondition(
            thumbnail.count == width * height, "a thumbnail has \(width * height) values, not \(thumbnail.count)")
        let count = Float(thumbnail.count)
        let mean = thumbnail.reduce(0, +) / count
        let variance = thumbnail.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        // Below this contrast a picture is taken as flat: noise in a black frame is no structure.
        let scale = 1 / max(variance.squareRoot(), 0.03)
        var histogram = [Float](repeating: 0, count: 32)
        for value in thumbnail {
            let place = min(max(value, 0), 1) * 31
            let bin = min(Int(place), 30)
            histogram[bin] += (Float(bin + 1) - place) / count
            histogram[bin + 1] += (place - Float(bin)) / count
        }
        return Seen(picture: thumbnail.map { ($0 - mean) * scale }, histogram: histogram)
    }

    /// 0 for equal pictures, about 1 for unrelated ones.
    private static func difference(_ one: Seen, _ other: Seen) -> Double {
        var structure: Float = 0
        for index in one.picture.indices { structure += abs(one.picture[index] - other.picture[index]) }
        var spread: Float = 0
        for index in one.histogram.indices { spread += abs(one.histogram[index] - other.histogram[index]) }
        // Two unrelated pictures of unit contrast differ by 1.13 on average; histograms by at most 2.
        return Double(0.75 * structure / Float(one.picture.count) / 1.13 + 0.25 * spread / 2)
    }
}
