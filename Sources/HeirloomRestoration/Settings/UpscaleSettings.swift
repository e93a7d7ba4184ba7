/// How to enlarge.
public struct UpscaleSettings: Sendable, Codable {
    /// Which weights; the standard ones are the photograph's for stills and the fast ones for films.
    public var model = ModelChoice.standard
    /// How large the result shall be; nil for the model's own scale, and twice for films with the standard weights.
    public var target: TargetSize?
    /// How much of the network's detail there is, 0...1; 0 is plain resampling.
    public var strength = 1.0
    /// Whether colours and brightness of every area stay what they were.
    public var locksColor = true
    /// How much noise the model takes away, 0...1; nil for the model's standard, which for most is all there is.
    public var denoise: Double?
    /// The side of a tile that the network sees at a time, in pixels; nil to choose: for stills by the memory that is free,
    /// for films by the network, so that every machine makes the same film.
    public var tile: Int?
    /// Where to compute.
    public var device = DeviceChoice.auto
    /// What to compute in.
    public var precision = Precision.auto
    /// Frames per call of the network, 1...64; nil to choose.
    public var batch: Int?
    /// CPU threads of one network call; nil to choose.
    public var threads: Int?

    /// The standard settings.
    public init() {}

    /// The tiles that may be asked for.
    public static let tiles = 64...4096

    /// Whether the result shall be the network's own, as the original programs write it.
    var isOriginal: Bool { !locksColor && strength == 1 }

    /// Throws where a setting makes no sense.
    ///
    /// - Throws: `badRequest`, naming the setting and what is possible.
    public func validate() throws {
        guard (0...1).contains(strength) else { throw Self.outOfRange("strength", strength, "0 to 1") }
        if let denoise, !(0...1).contains(denoise) { throw Self.outOfRange("denoising", denoise, "0 to 1") }
        if let tile, !Self.tiles.contains(tile) {
            throw Self.outOfRange("tile", tile, "\(Self.tiles.lowerBound) to \(Self.tiles.upperBound)")
        }
        if let batch, !(1...64).contains(batch) { throw Self.outOfRange("batch", batch, "1 to 64") }
        if let threads, !(1...256).contains(threads) { throw Self.outOfRange("number of threads", threads, "1 to 256") }
    }

    private static func outOfRange(_ name: String, _ value: some Any, _ range: String) -> RestorationError {
        RestorationError(.badRequest, "The \(name) \(value) is out of range; choose \(range).")
    }
}
