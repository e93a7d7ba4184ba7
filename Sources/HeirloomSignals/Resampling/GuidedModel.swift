public import HeirloomTensors

/// What a ``GuidedFilter`` fitted: target ≈ slope · guide + intercept, at low resolution.
public struct GuidedModel {
    /// `[N, C, h, w]`.
    public let slope: Tensor
    /// `[N, C, h, w]`.
    public let intercept: Tensor

    /// A model from its two maps.
    public init(slope: Tensor, intercept: Tensor) {
        self.slope = slope
        self.intercept = intercept
    }

    /// Both maps in one tensor `[N, 2C, h, w]`, which is how they are cheapest to crop, move and enlarge.
    public var maps: Tensor { concatenated([slope, intercept], axis: 1) }

    /// The target at the guide's size, the maps enlarged bilinearly.
    ///
    /// - Parameter guide: `[N, 1, H, W]`, covering the same picture.
    /// - Returns: `[N, C, H, W]`.
    public func applied(to guide: Tensor) -> Tensor {
        let shape = guide.shape
        return Self.apply(maps.resized(height: shape[2], width: shape[3]), to: guide)
    }

    /// `slope · guide + intercept` of enlarged ``maps``.
    ///
    /// - Parameters:
    ///   - maps: `[N, 2C, H, W]`.
    ///   - guide: `[N, 1, H, W]`.
    /// - Returns: `[N, C, H, W]`.
    public static func apply(_ maps: Tensor, to guide: Tensor) -> Tensor {
        let channels = maps.shape[1] / 2
        return maps.sliced(axis: 1, from: 0, to: channels) * guide + maps.sliced(axis: 1, from: channels)
    }
}
