import HeirloomMedia
import Testing

@testable import HeirloomRestoration

@Suite struct PlanEstimateTests {
    private let format = SyntheticFilm(width: 64, height: 48).format

    private func trial(
        rate: Double?, frames: Int = 50, total: Double = 6, keys: [Int] = [4000], others: [Int] = [1000, 1000]
    ) -> TrialResult {
        TrialResult(
            setupSeconds: 1, totalSeconds: total, frames: frames, secondsPerFrame: rate,
            keyBytes: keys, otherBytes: others, peakResidentBytes: 1 << 20, waitingBytes: 1000, from: .zero,
            end: MediaTime(seconds: 2),
            before: nil, after: nil, format: format)
    }

    private func arithmetic(
        _ trials: [TrialResult], source: [Double] = [], frames: Int = 1000, seconds: Double = 40, cuts: Double = 0,
        perFrame: Double = 0
    ) -> PlanArithmetic {
        PlanArithmetic(
            trials: trials, sourceBytes: source.isEmpty ? trials.map { _ in 0 } : source,
            whole: .init(frames: frames, seconds: seconds, cutRate: cuts, sourceBytesPerFrame: perFrame),
            segmentSeconds: 10, waitingFrames: 16)
    }

    @Test("the time is the steady rate times the frames, and the edges once")
    func time() {
        let numbers = arithmetic([trial(rate: 0.1), trial(rate: 0.12, total: 7)])
        #expect(abs(numbers.secondsPerFrame - 0.11) < 1e-12)
        #expect(abs(numbers.edgeSeconds - 1) < 1e-12 && abs(numbers.pictureSeconds - 111) < 1e-9)
        #expect(abs(numbers.doubt - 2 * (0.01 / 0.11)) < 1e-9)
        #expect(arithmetic([trial(rate: 0.1), trial(rate: 0.1)]).doubt == PlanArithmetic.leastDoubt)
        #expect(arithmetic([trial(rate: 0.1), trial(rate: 0.9)]).doubt == PlanArithmetic.mostDoubt)
        #expect(arithmetic([trial(rate: nil, frames: 30, total: 6)]).secondsPerFrame == 0.2, "too short to be steady")
        #expect(TrialResult.slope(of: [1, 2]) == nil)
        #expect(abs((TrialResult.slope(of: [1, 1.5, 2, 2.5]) ?? 0) - 0.5) < 1e-12)
    }

    @Test("the last frames of a piece, which go as fast as they wait, tell no rate; many frames or a long time do")
    func rate() {
        let hasty = (0..<8).map { 1 + 0.004 * Double($0) }
        #expect(TrialResult.rate(of: hasty, among: 78, seconds: 4) == nil)
        #expect(abs((TrialResult.rate(of: hasty, among: 24, seconds: 4) ?? 0) - 0.004) < 1e-12)
        let slow = (0..<8).map { 1 + 0.3 * Double($0) }
        #expect(abs((TrialResult.rate(of: slow, among: 78, seconds: 4) ?? 0) - 0.3) < 1e-12)
        #expect(TrialResult.rate(of: [], among: 78, seconds: 0) == nil)
    }

    @Test("of two treatments in a chain the times add up, once for every frame that both have done")
    func chained() {
        let first = trial(rate: 0.1, frames: 60, total: 7)
        let both = first.followed(by: trial(rate: 0.5, frames: 8, total: 6))
        #expect(both.frames == 8 && abs((both.secondsPerFrame ?? 0) - 0.6) < 1e-12 && both.setupSeconds == 2)
        // Each has its own edges: 1 s and 2 s.
        #expect(abs(both.totalSeconds - (8 * 0.6 + 3)) < 1e-9)
        #expect(first.followed(by: trial(rate: nil, frames: 1, total: 9)).secondsPerFrame == nil)
        #expect(arithmetic([both]).memoryBytes == (1 << 20) + 12 * 1000)
    }

    @Test("the size counts standing pictures by segments and cuts, the others in proportion to the source")
    func size() {
        // 4 segments of 10 s.
        #expect(arithmetic([trial(rate: 0.1)]).pictureBytes == 4 * 4000 + 996 * 1000)
        #expect(arithmetic([trial(rate: 0.1)], cuts: 0.1).pictureBytes == 8 * 4000 + 992 * 1000)
        let busy = arithmetic([trial(rate: 0.1)], source: [500], perFrame: 250)
        #expect(busy.proportion == 0.5 && busy.pictureBytes == 4 * 4000 + 996 * 500)
        #expect(arithmetic([trial(rate: 0.1, keys: [300, 500], others: [])]).pictureBytes == 400 * 1000, "lossless")
    }

    private func estimate(seconds: Double, output: Double, free: Int?) -> PlanEstimate {
        PlanEstimate(
            frames: 1000, seconds: .init(seconds, within: 0.1), setupSeconds: 1, pictureSeconds: seconds,
            soundSeconds: 0, joinSeconds: 0, outputBytes: .init(output, within: 0.2), scratchBytes: output,
            memoryBytes: 612_000_000, freeBytes: free)
    }

    @Test("the sentence reads as a person says it")
    func sentence() {
        #expect(
            estimate(seconds: 42 * 60, output: 1.31e9, free: nil).sentence
                == "about 42 min (38…46), 1.3 GB for the result and as much again while joining, 612 MB of memory")
        #expect(PlanEstimate.time(.init(33, within: 0.1)) == "33 s (30…36)")
        #expect(PlanEstimate.time(.init(200, within: 0.1)) == "3.3 min (3…3.7)")
        #expect(PlanEstimate.time(.init(5 * 3600, within: 0.1)) == "5 h (4.5…5.5)")
        #expect(PlanEstimate.bytes(840_000) == "840 kB" && PlanEstimate.bytes(12e6) == "12 MB")
        #expect(PlanEstimate.bytes(1e9) == "1 GB" && PlanEstimate.bytes(999.6e6) == "1 GB")
    }

    @Test("cleaned sound is counted as the film's container keeps it: AAC of 160 kbit/s a channel at most, or lossless")
    func sound() {
        #expect(NewSound.bytesPerSecond(in: "film.mp4", sampleRate: 48_000, channelCount: 2) == 40_000)
        #expect(NewSound.bytesPerSecond(in: "film.avi", sampleRate: 16_000, channelCount: 1) == 10_000)
        #expect(NewSound.bytesPerSecond(in: "film.mkv", sampleRate: 48_000, channelCount: 2) == nil)
    }

    @Test("a disk that is too small is told of, with how much is needed")
    func warning() {
        #expect(estimate(seconds: 60, output: 1e9, free: nil).warning == nil)
        #expect(estimate(seconds: 60, output: 1e9, free: 3_000_000_000).warning == nil)
        let said = estimate(seconds: 60, output: 1e9, free: 2_000_000_000).warning
        #expect(said?.contains("2 GB free") == true && said?.contains("2.4 GB are needed") == true)
    }
}
