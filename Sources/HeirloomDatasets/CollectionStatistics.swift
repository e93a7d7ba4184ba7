/// What the pictures of a collection are like: sizes, shapes, colours.
public struct CollectionStatistics: Sendable, Equatable, Codable {
    /// How a number is distributed over the pictures.
    public struct Spread: Sendable, Equatable, Codable {
        /// The smallest, the middle and the largest value.
        public let smallest: Double, median: Double, largest: Double

        /// The spread of some numbers.
        ///
        /// - Precondition: there is one.
        init(_ values: [Double]) {
            precondition(!values.isEmpty, "the spread of no numbers")
            let sorted = values.sorted()
            smallest = sorted[0]
            median = sorted[sorted.count / 2]
            largest = sorted[sorted.count - 1]
        }
    }

    /// Number of pictures.
    public let pictures: Int
    /// Short sides in pixels.
    public let shortSide: Spread
    /// Part of the pictures whose short side is below 256 pixels.
    public let smallPart: Double
    /// Pictures that are wider than high, higher than wide, and neither.
    public let lying: Int, upright: Int, square: Int
    /// Colourfulness after Hasler and Süsstrunk: 0 is grey, 33 moderate, 82 high.
    public let colorfulness: Spread
    /// For each hue, how many pictures it dominates.
    public let dominantHues: [String: Int]

    /// Below this short side a picture has no detail to spare.
    static let small = 256

    /// Collects the figures picture by picture.
    public struct Builder: Sendable {
        private var shortSides: [Double] = []
        private var colorfulness: [Double] = []
        private var shapes = (lying: 0, upright: 0, square: 0)
        private var hues: [String: Int] = [:]

        /// Starts without a picture.
        public init() {}

        /// Takes a picture in.
        ///
        /// - Parameters:
        ///   - width: pixels across of the picture as its owner has it.
        ///   - height: pixels down.
        public mutating func add(width: Int, height: Int, colors: PictureColors) {
            shortSides.append(Double(min(width, height)))
            colorfulness.append(colors.colorfulness)
            hues[colors.dominantHue.rawValue, default: 0] += 1
            if width > height {
                shapes.lying += 1
            } else if height > width {
                shapes.upright += 1
            } else {
                shapes.square += 1
            }
        }

        /// The statistics; nil without a picture.
        public var statistics: CollectionStatistics? {
            guard !shortSides.isEmpty else { return nil }
            return CollectionStatistics(
                pictures: shortSides.count, shortSide: Spread(shortSides),
                smallPart: Double(shortSides.count { $0 < Double(small) }) / Double(shortSides.count),
                lying: shapes.lying, upright: shapes.upright, square: shapes.square,
                colorfulness: Spread(colorfulness), dominantHues: hues)
        }
    }
}

extension CollectionStatistics {
    /// What in these figures may disappoint whoever trains on the pictures, a sentence each with what to do.
    ///
    /// - Parameter groups: pictures in each named group, where there are groups.
    public func warnings(groups: [String: Int] = [:]) -> [String] {
        var found: [String] = []
        func percent(_ part: Double) -> String { "\(Int((100 * part).rounded())) %" }
        let grouped = groups.values.reduce(0, +)
        if let largest = groups.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), groups.count > 1, grouped >= 20,
            Double(largest.value) > 0.7 * Double(grouped)
        {
            found.append(
                "\(percent(Double(largest.value) / Double(grouped))) of the pictures are of one kind, "
                    + "'\(largest.key)': a model learns that kind and neglects the others; add pictures of the others.")
        }
        if pictures >= 20, let (hue, count) = dominantHues.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            Double(count) > 0.7 * Double(pictures)
        {
            found.append(
                "In \(percent(Double(count) / Double(pictures))) of the pictures one colour dominates (\(hue)): a "
                    + "model learns to paint everything in it; add pictures of other things and other light.")
        }
        if colorfulness.median < 15 {
            found.append(
                "Half of the pictures have little colour (colourfulness below \(Int(colorfulness.median.rounded(.up))))"
                    + ": a model learns pale colours from them.")
        }
        if smallPart > 0.5 {
            found.append(
                "\(percent(smallPart)) of the pictures are smaller than \(Self.small) pixels on their short side: "
                    + "enough for colours, too little detail to train enlarging on.")
        }
        if pictures >= 10, shortSide.largest >= 8 * shortSide.smallest {
            found.append(
                "The short sides go from \(Int(shortSide.smallest)) to \(Int(shortSide.largest)) pixels: after "
                    + "shrinking to one size the small pictures are softer than the rest.")
        }
        return found
    }
}

extension CollectionStatistics {
    /// The figures as a person reads them, a name and a text each.
    public var rows: [(name: String, text: String)] {
        [
            ("shapes", "\(lying) lying, \(upright) upright, \(square) square"),
            ("short side", Self.text(shortSide) + " pixels"),
            ("colours", "colourfulness " + Self.text(colorfulness) + " (0 is grey, 33 moderate, 82 high)"),
            ("dominant", Self.text(dominantHues)),
        ]
    }

    /// Counts by name, the largest first: `orange 52, blue 31`.
    public static func text(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", ")
    }

    /// The middle and the ends: `256 (128 to 4000)`.
    private static func text(_ spread: Spread) -> String {
        func whole(_ value: Double) -> String { String(Int(value.rounded())) }
        return spread.smallest == spread.largest
            ? whole(spread.median)
            : "\(whole(spread.median)) (\(whole(spread.smallest)) to \(whole(spread.largest)))"
    }
}

extension PackedStore {
    /// The statistics of some of the pictures, at the sizes at which they were packed.
    ///
    /// - Parameter pictures: which; nil for all.
    /// - Precondition: there is one.
    public func statistics(of pictures: [Int]? = nil) -> CollectionStatistics {
        var builder = CollectionStatistics.Builder()
        for index in pictures ?? Array(0..<count) {
            builder.add(
                width: entries[index].width, height: entries[index].height,
                colors: withPixels(of: index) { PictureColors(rgb: $0) })
        }
        guard let statistics = builder.statistics else { preconditionFailure("statistics of no pictures") }
        return statistics
    }

    /// How many pictures are in each group; those without one are not counted.
    public var groupCounts: [String: Int] {
        entries.indices.reduce(into: [:]) { counts, index in
            if let name = groupName(of: index) { counts[name, default: 0] += 1 }
        }
    }
}
