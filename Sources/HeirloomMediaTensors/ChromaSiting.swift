public import HeirloomMedia

/// Where the chroma samples of a pixel format sit among its luma samples, along both axes.
public struct ChromaSiting: Sendable, Equatable {
    /// Along one axis, for a pair of luma samples.
    public enum Place: Sendable {
        /// Chroma is not subsampled along this axis.
        case each
        /// On the first of the two: left, top.
        case first
        /// Half way between the two.
        case middle
        /// On the second of the two: bottom.
        case second

        /// How far from the middle of the pair, in luma samples: −0.5, 0 or 0.5.
        public var offset: Double {
            switch self {
            case .each, .middle: 0
            case .first: -0.5
            case .second: 0.5
            }
        }

        /// Weights of the luma samples 2i − 1, 2i, 2i + 1, 2i + 2 whose mean stands for luma at chroma sample i.
        var weights: [Float] {
            switch self {
            case .each: [0, 1, 0, 0]
            case .first: [0.25, 0.5, 0.25, 0]
            case .middle: [0, 0.5, 0.5, 0]
            case .second: [0, 0.25, 0.5, 0.25]
            }
        }
    }

    /// Across.
    public let horizontal: Place
    /// Down.
    public let vertical: Place

    /// The siting that a format and a colour description state; an unstated location is left.
    public init(_ format: PixelFormat, _ location: ColorInfo.ChromaLocation) {
        let isLeft: Bool
        switch location {
        case .unspecified, .left, .topLeft, .bottomLeft: isLeft = true
        case .center, .top, .bottom: isLeft = false
        }
        horizontal = format.horizontalSubsampling == 1 ? .each : isLeft ? .first : .middle
        if format.verticalSubsampling == 1 {
            vertical = .each
        } else {
            switch location {
            case .unspecified, .left, .center: vertical = .middle
            case .topLeft, .top: vertical = .first
            case .bottomLeft, .bottom: vertical = .second
            }
        }
    }
}
