/// Which pictures are taken in, and how large they are kept.
public struct IntakeOptions: Sendable, Equatable {
    /// Short side of a kept picture in pixels; smaller pictures keep their size.
    public var shortSide: Int
    /// Long side of a kept picture as a multiple of the short one; what lies beyond is cut off at both ends, so that a
    /// panorama does not fill the store with pixels that a square crop seldom sees.
    public var largestAspect: Double
    /// Pictures whose short side is below this many pixels are left out: training would enlarge and blur them.
    public var smallestSide: Int
    /// Whether pictures of one tone (grey, sepia) are left out: a colour network learns to paint grey from them.
    public var leavesOutGrey: Bool
    /// Whether copies of a picture that came before are left out, also scaled, recompressed and mirrored ones.
    public var leavesOutDuplicates: Bool
    /// Threads that read pictures; nil: as many as processors, 8 at most.
    public var threads: Int?

    /// Sets the options; the defaults are for training the colour network.
    ///
    /// - Precondition: `shortSide` is at least 32, `largestAspect` at least 1, `smallestSide` and `threads` are positive.
    public init(
        shortSide: Int = 160, largestAspect: Double = 1.4, smallestSide: Int = 128, leavesOutGrey: Bool = true,
        leavesOutDuplicates: Bool = true, threads: Int? = nil
    ) {
        precondition(shortSide >= 32, "a short side of \(shortSide) pixels; training needs 32")
        precondition(largestAspect >= 1, "a long side of \(largestAspect) times the short one")
        precondition(smallestSide > 0, "a smallest side of \(smallestSide) pixels")
        precondition(threads ?? 1 > 0, "\(threads ?? 0) threads read nothing")
        self.shortSide = shortSide
        self.largestAspect = largestAspect
        self.smallestSide = smallestSide
        self.leavesOutGrey = leavesOutGrey
        self.leavesOutDuplicates = leavesOutDuplicates
        self.threads = threads
    }
}
