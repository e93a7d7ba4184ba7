import Foundation

/// Damages sound files in every way and reads what is left: nothing may crash, hang, or be read differently in large
/// pieces and in odd ones, and no sample may be anything but a number.
///
/// Every case follows from its seed alone, so any can be run again by itself.
public final class SoundFuzzer {
    /// What became of the damaged files.
    public struct Report: Sendable {
        /// Files that were still sound, by the ending that they had.
        public internal(set) var read: [String: Int] = [:]
        /// Files that were refused, by the code of the error.
        public internal(set) var refused: [MediaError.Code: Int] = [:]
        /// The longest that reading one of them took, and the seed of that one.
        public internal(set) var slowest: (seconds: Double, seed: UInt64) = (0, 0)
        /// Seeds of files that were read differently in large and in odd pieces, and how.
        public internal(set) var disagreements: [(seed: UInt64, what: String)] = []

        /// Files in all.
        public var count: Int { read.values.reduce(0, +) + refused.values.reduce(0, +) }
    }

    /// No more samples than this are read of a file: a damaged clock may claim an hour of silence.
    private static let limit = 1 << 18

    private let folder: String
    private var seeds: [Int: [UInt8]] = [:]

    /// A fuzzer that puts its files into a folder.
    ///
    /// - Parameter folder: a folder that exists; one file at a time is in it, named `case` with the kind's ending.
    public init(folder: String) {
        self.folder = folder
    }

    /// Runs the cases of some seeds.
    ///
    /// - Parameter begin: called with each seed before its files are touched.
    /// - Throws: whatever writing the files throws.
    public func run(seeds: Range<UInt64>, begin: (UInt64) -> Void = { _ in }) throws(MediaError) -> Report {
        var report = Report()
        for seed in seeds {
            begin(seed)
            let (path, ending) = try write(seed: seed)
            defer { unlink(path) }
            let clock = ContinuousClock()
            let start = clock.now
            let large = outcome(path, block: 1 << 14)
            let odd = outcome(path, block: 1 + Int(seed % 3_000))
            let time = start.duration(to: clock.now) / .seconds(1)
            if time > report.slowest.seconds { report.slowest = (time, seed) }
            switch (large, odd) {
            case (.success(let large), .success(let odd)):
                report.read[ending, default: 0] += 1
                if large != odd {
                    report.disagreements.append((seed, "\(large[0].count) and \(odd[0].count) samples differ"))
                }
                if !large.allSatisfy({ $0.allSatisfy(\.isFinite) }) {
                    report.disagreements.append((seed, "there are samples that are no numbers"))
                }
                do throws(MediaError) { try jump(path, seed: seed) } catch {
                    report.disagreements.append((seed, "going to places is refused: \(error)"))
                }
            case (.failure(let error), .failure(let other)):
                report.refused[error.code, default: 0] += 1
                if error.code != other.code { report.disagreements.append((seed, "\(error) \(other)")) }
            case (.success, .failure(let error)), (.failure(let error), .success):
                report.refused[error.code, default: 0] += 1
                report.disagreements.append((seed, "only one way is refused: \(error)"))
            }
        }
        return report
    }

    /// Writes the damaged file of a seed and returns its path; the ending is that of its kind.
    public func write(seed: UInt64) throws(MediaError) -> (path: String, ending: String) {
        var dice = PictureDice(seed: seed)
        let index = dice.below(SoundSeed.kinds.count)
        let ending = SoundSeed.kinds[index].ending
        var bytes = try file(index)
        let other = try file(dice.below(SoundSeed.kinds.count))
        PictureDamage.apply(to: &bytes, other: other, using: &dice)
        // A wrong checksum would keep most damage away from the decoder.
        if !dice.once(in: 4) { OggPages.repair(&bytes) }
        let path = folder + "/case." + ending
        unlink(path)
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            throw MediaError(.writeFailed, "write the damaged sound", path: path, reason: "the file cannot be made")
        }
        return (path, ending)
    }

    private func file(_ index: Int) throws(MediaError) -> [UInt8] {
        if let made = seeds[index] { return made }
        let made = try SoundSeed.file(SoundSeed.kinds[index], in: folder)
        seeds[index] = made
        return made
    }

    private func outcome(_ path: String, block: Int) -> Result<[[Float]], MediaError> {
        do throws(MediaError) {
            let reader = try AudioReader(contentsOf: URL(fileURLWithPath: path))
            var result = [[Float]](repeating: [], count: reader.info.channelCount)
            let limit = SoundFuzzer.limit / reader.info.channelCount
            while result[0].count < limit, let chunk = try reader.read(min(block, limit - result[0].count)) {
                for channel in result.indices { result[channel] += chunk.channels[channel] }
            }
            _ = reader.notes
            return .success(result)
        } catch {
            return .failure(error)
        }
    }

    /// Goes to places inside and behind the sound.
    private func jump(_ path: String, seed: UInt64) throws(MediaError) {
        var dice = PictureDice(seed: ~seed)
        let reader = try AudioReader(contentsOf: URL(fileURLWithPath: path))
        for _ in 0..<4 {
            try reader.seek(to: dice.below(1 << (4 + dice.below(16))))
            _ = try reader.read(1 + dice.below(2_000))
        }
    }
}
