/// How large a picture or film shall become.
public enum TargetSize: Sendable, Hashable, CustomStringConvertible {
    /// So many times as wide and as high: 2, 3, 4, 1.5.
    case factor(Double)
    /// Exactly so many pixels, whatever becomes of the shape.
    case exact(width: Int, height: Int)
    /// As large as fits a screen of so many lines, 16 to 9, lying or standing as the picture does; the shape stays.
    case screen(lines: Int)

    /// The factors that make sense: up to 16 times.
    public static let factors = 1.0...16.0
    /// The lines of screens.
    static let screens = [720, 1080, 1440, 2160, 4320]
    /// The longest side that may be asked for, in pixels.
    static let longestSide = 200_000

    /// Reads `2`, `1.5`, `800x600` or `1080p`; nil where that is no size or one that makes no sense.
    public init?(_ text: String) {
        let text = text.lowercased()
        if text.hasSuffix("p"), let lines = Int(text.dropLast()) {
            guard Self.screens.contains(lines) else { return nil }
            self = .screen(lines: lines)
            return
        }
        let sides = text.split(separator: "x", omittingEmptySubsequences: false)
        if sides.count == 2 {
            guard let width = Int(sides[0]), let height = Int(sides[1]), (1...Self.longestSide).contains(width),
                (1...Self.longestSide).contains(height)
            else { return nil }
            self = .exact(width: width, height: height)
            return
        }
        guard let factor = Double(text), Self.factors.contains(factor) else { return nil }
        self = .factor(factor)
    }

    /// As it is written on the command line.
    public var description: String {
        switch self {
        case .factor(let factor): factor == factor.rounded() ? "\(Int(factor))" : "\(factor)"
        case .exact(let width, let height): "\(width)x\(height)"
        case .screen(let lines): "\(lines)p"
        }
    }

    /// The size of the result in samples.
    ///
    /// - Parameters:
    ///   - sampleAspect: width of a sample by its height.
    ///   - even: whether the sides must be even, as the chroma of most films wants it.
    /// - Throws: `badRequest` where that is more than 16 times the source.
    func size(width: Int, height: Int, sampleAspect: Double = 1, even: Bool = false) throws -> (width: Int, height: Int)
    {
        let wanted: (width: Double, height: Double)
        switch self {
        case .factor(let factor): wanted = (Double(width) * factor, Double(height) * factor)
        case .exact(let width, let height): wanted = (Double(width), Double(height))
        case .screen(let lines):
            let shown = (width: Double(width) * sampleAspect, height: Double(height))
            let (long, short) = (Double(lines) * 16 / 9, Double(lines))
            let box = shown.width >= shown.height ? (long, short) : (short, long)
            let factor = min(box.0 / shown.width, box.1 / shown.height)
            wanted = (Double(width) * factor, Double(height) * factor)
        }
        guard wanted.width <= Double(width) * Self.factors.upperBound,
            wanted.height <= Double(height) * Self.factors.upperBound
        else {
            throw RestorationError(
                .badRequest,
                "Cannot enlarge \(width)×\(height) to \(self): that is more than \(Int(Self.factors.upperBound)) times; choose a smaller --scale."
            )
        }
        func rounded(_ side: Double) -> Int {
            even ? max(2, Int((side / 2).rounded()) * 2) : max(1, Int(side.rounded()))
        }
        return (rounded(wanted.width), rounded(wanted.height))
    }
}
