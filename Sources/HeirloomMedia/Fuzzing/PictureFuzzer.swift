import Foundation

/// Damages sound picture files in every way and reads what is left: nothing may crash, hang, or be read differently
/// whole and in strips.
///
/// Every case follows from its seed alone, so any can be run again by itself.
public struct PictureFuzzer {
    /// What became of the damaged files.
    public struct Report: Sendable {
        /// Files that were still pictures, by format.
        public internal(set) var read: [StillFormat: Int] = [:]
        /// Files that were refused, by the code of the error.
        public internal(set) var refused: [MediaError.Code: Int] = [:]
        /// The longest that reading one of them took, and the seed of that one.
        public internal(set) var slowest: (seconds: Double, seed: UInt64) = (0, 0)
        /// Seeds of files that were read differently whole and in strips, and how.
        public internal(set) var disagreements: [(seed: UInt64, what: String)] = []

        /// Files in all.
        public var count: Int { read.values.reduce(0, +) + refused.values.reduce(0, +) }
    }

    /// Larger pictures are refused: a damaged size shall not cost minutes.
    private static let limits = StillLimits(maximumPixels: 1 << 20)

    private let folder: String

    /// A fuzzer that puts its files into a folder.
    ///
    /// - Parameter folder: a folder that exists; one file at a time is in it, named `case` with the format's ending.
    public init(folder: String) {
        self.folder = folder
    }

    /// Runs the cases of some seeds.
    ///
    /// - Parameter begin: called with each seed before its files are touched.
    /// - Throws: whatever writing the files throws.
    public func run(
        seeds: Range<UInt64>, begin: (UInt64) -> Void = { _ in }
    ) throws(MediaError) -> Report {
        var report = Report()
        for seed in seeds {
            begin(seed)
            let (path, format) = try write(seed: seed)
            defer { unlink(path) }
            let clock = ContinuousClock()
            let start = clock.now
            let whole = outcome { () throws(MediaError) in try StillReader.read(path, limits: Self.limits) }
            let strips = outcome { () throws(MediaError) in try readInStrips(path, rows: 1 + Int(seed % 40)) }
            _ = outcome { () throws(MediaError) in try StillReader.probe(path) }
            _ = outcome { () throws(MediaError) in
                try StillReader.thumbnail(path, shortSide: 16, limits: Self.limits)
            }
            let time = start.duration(to: clock.now) / .seconds(1)
            if time > report.slowest.seconds { report.slowest = (time, seed) }
            switch (whole, strips) {
            case (.success(let whole), .success(let strips)):
                report.read[format, default: 0] += 1
                if StillLayout(whole) != strips.layout || whole.pixels != strips.pixels {
                    report.disagreements.append((seed, "the pictures differ"))
                }
            case (.failure(let error), .failure(let other)):
                report.refused[error.code, default: 0] += 1
                if error.code != other.code { report.disagreements.append((seed, "\(error) \(other)")) }
            case (.success, .failure(let error)):
                report.read[format, default: 0] += 1
                report.disagreements.append((seed, "only strips are refused: \(error)"))
            case (.failure(let error), .success):
                report.refused[error.code, default: 0] += 1
                report.disagreements.append((seed, "only the whole is refused: \(error)"))
            }
        }
        return report
    }

    /// Writes the damaged file of a seed and returns its path; the format is the one it had.
    public func write(seed: UInt64) throws(MediaError) -> (path: String, format: StillFormat) {
        var dice = PictureDice(seed: seed)
        var (bytes, format) = try PictureSeed.file(using: &dice)
        let other = try PictureSeed.file(using: &dice).bytes
        PictureDamage.apply(to: &bytes, other: other, using: &dice)
        let path = folder + "/case." + format.fileExtensions[0]
        unlink(path)
        let output = try StillOutput(path: path, target: path, operation: "write the damaged picture")
        bytes.withUnsafeBytes { _ = output.write($0) }
        try output.finish()
        return (path, format)
    }

    private func readInStrips(
        _ path: String, rows: Int
    ) throws(MediaError) -> (layout: StillLayout, pixels: [UInt8]) {
        let reader = try StillStripReader(path: path, limits: Self.limits)
        var pixels: [UInt8] = []
        while let strip = try reader.read(rows: rows) { pixels += strip.pixels }
        return (reader.layout, pixels)
    }

    private func outcome<R>(_ body: () throws(MediaError) -> R) -> Result<R, MediaError> {
        do throws(MediaError) { return .success(try body()) } catch { return .failure(error) }
    }
}
