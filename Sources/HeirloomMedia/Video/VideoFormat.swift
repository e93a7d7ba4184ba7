/// What every frame of a film has in common.
public struct VideoFormat: Sendable, Hashable, Codable {
    /// Columns of luma samples.
    public var width: Int
    /// Lines of luma samples.
    public var height: Int
    /// The layout of the samples.
    public var pixelFormat: PixelFormat
    /// What the samples mean, every field stated.
    public var color: ColorInfo
    /// The width of a sample over its height; 1/1 where nobody said.
    public var sampleAspectRatio: Rational
    /// The tick in which the timestamps of the frames count.
    public var timeBase: Rational
    /// Frames in a second on average; nil where unknown. For encoders and estimates, never for timestamps.
    public var frameRate: Rational?
    /// Whether the frames come at uneven distances, as far as the header tells.
    public var isVariableFrameRate: Bool

    /// Makes a format.
    ///
    /// - Precondition: width and height are positive.
    public init(
        width: Int, height: Int, pixelFormat: PixelFormat, color: ColorInfo, sampleAspectRatio: Rational = .one,
        timeBase: Rational, frameRate: Rational? = nil, isVariableFrameRate: Bool = false
    ) {
        precondition(width > 0 && height > 0, "a film of \(width)×\(height) samples has no picture")
        self.width = width
        self.height = height
        self.pixelFormat = pixelFormat
        self.color = color
        self.sampleAspectRatio = sampleAspectRatio
        self.timeBase = timeBase
        self.frameRate = frameRate
        self.isVariableFrameRate = isVariableFrameRate
    }

    /// The same film at another size, shown as it was: where the two sides do not grow alike, samples change their
    /// shape.
    ///
    /// A side that was only rounded, by two samples at most, leaves the shape of samples alone: ratios such as 1279/1280
    /// help nobody.
    /// - Precondition: width and height are positive.
    public func resized(width: Int, height: Int) -> VideoFormat {
        var result = self
        result.width = width
        result.height = height
        precondition(width > 0 && height > 0, "a film of \(width)×\(height) samples has no picture")
        let exactWidth = Double(self.width) * Double(height) / Double(self.height)
        let exactHeight = Double(self.height) * Double(width) / Double(self.width)
        guard abs(exactWidth - Double(width)) > 2, abs(exactHeight - Double(height)) > 2 else { return result }
        result.sampleAspectRatio = sampleAspectRatio.times(self.width * height, over: self.height * width)
        return result
    }
}

extension Rational {
    /// The ratio times another, in lowest terms; halved until it fits, which changes it by less than anyone sees.
    fileprivate func times(_ factor: Int, over divisor: Int) -> Rational {
        func lowest(_ a: Int, _ b: Int) -> (Int, Int) {
            var (a, b) = (a / Rational.greatestCommonDivisor(a, b), b / Rational.greatestCommonDivisor(a, b))
            while max(a, b) > Int(Int32.max) { (a, b) = (max(a / 2, 1), max(b / 2, 1)) }
            return (a, b)
        }
        let (a, b) = lowest(factor, divisor)
        let (c, d) = lowest(Int(numerator) * a, Int(denominator) * b)
        return Rational(Int32(c), Int32(d))
    }
}
