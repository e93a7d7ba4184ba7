import Foundation
import HeirloomMedia
import Synchronization
import TestSupport
import Testing

@testable import HeirloomRestoration

@Suite struct PlanJobTests {
    private func film(_ folder: TemporaryFolder, frames: Int = 96) throws -> String {
        let path = folder.file("film.mkv")
        try SyntheticFilm(width: 96, height: 64, framesPerShot: 24)
            .write(to: path, frames: frames, encoding: VideoEncoding(codec: .h264))
        return path
    }

    /// A plan with a stage that turns pictures round, slowly enough to be timed.
    private func job(_ input: String, sheet: String? = nil, overwrite: Bool = false, delay: Double = 0.002) -> PlanJob {
        PlanJob(
            input: input, treatment: PlanTreatment(), sheet: sheet, overwrite: overwrite, trialSeconds: 0.1,
            stages: [{ _ in Self.turning(delay: delay) }])
    }

    /// A plan whose last stage takes its time over each frame, and how many frames that was given.
    private func counted(
        _ input: String, delay: Double, after first: [FilmJob.MakeStage] = []
    ) async throws -> (plan: FilmPlan, calls: Int) {
        let calls = Mutex(0)
        let waiting: FilmJob.MakeStage = { _ in
            TestStage(change: { frame in
                calls.withLock { $0 += 1 }
                Thread.sleep(forTimeInterval: delay)
                return [frame]
            })
        }
        let plan = try await PlanJob(
            input: input, treatment: PlanTreatment(), trialSeconds: 0.1, stages: first + [waiting]
        ).run()
        return (plan, calls.withLock { $0 })
    }

    /// A stage that turns pictures round.
    private static func turning(delay: Double) -> TestStage {
        TestStage(change: { frame in
            Thread.sleep(forTimeInterval: delay)
            let plane = frame.planes[0]
            let turned = VideoFrame.Plane(
                width: plane.width, height: plane.height, bytesPerRow: plane.bytesPerRow,
                bytes: plane.bytes.map { 251 - $0 })
            return [frame.replacing(planes: [turned] + frame.planes.dropFirst())]
        })
    }

    @Test("a plan draws every telling frame before and after, writes nothing else, and knows the film")
    func plan() async throws {
        let folder = try TemporaryFolder()
        let input = try film(folder)
        let plan = try await job(input).run()
        #expect(folder.names == ["film.mkv", "film.mkv.plan.jpg"] && plan.sheet == input + ".plan.jpg")
        #expect(plan.frames == 96 && plan.width == 96 && plan.isWhollySeen && plan.silentSpeed != nil)
        #expect(Set(plan.samples.flatMap(\.reasons)).count == 4 && plan.samples.count == 4)
        let sheet = try StillReader.read(input + ".plan.jpg")
        #expect(sheet.width == 6 + 2 * (96 + 6) && sheet.height == 6 + 4 * (64 + 24 + 6))
        // The right side is the left one turned round.
        func mean(_ left: Int) -> Double {
            var sum = 0
            for y in 6..<70 { for x in left..<left + 96 { sum += Int(sheet.pixels[3 * (y * sheet.width + x)]) } }
            return Double(sum) / Double(96 * 64)
        }
        #expect(abs(mean(6) + mean(108) - 255) < 12, "\(mean(6)) and \(mean(108))")
        let estimate = try #require(plan.estimate)
        #expect(estimate.pictureSeconds >= 96 * 0.002 && estimate.seconds.low < estimate.seconds.high)
        #expect(estimate.outputBytes.likely > 1000 && estimate.memoryBytes > 1 << 20)
        #expect(estimate.freeBytes ?? 0 > 0)
    }

    @Test("what starting a program takes is part of the job, not of the picture")
    func start() async throws {
        let folder = try TemporaryFolder()
        let estimate = try #require(
            try await PlanJob(
                input: try film(folder), treatment: PlanTreatment(), trialSeconds: 0.1, startSeconds: 1000,
                stages: [{ _ in Self.turning(delay: 0.002) }]
            ).run().estimate)
        #expect(estimate.setupSeconds > 1000 && estimate.pictureSeconds < 1000)
        #expect(estimate.seconds.likely > estimate.setupSeconds)
        #expect(StartTime.processorSeconds > 0)
    }

    @Test("the estimate never promises less than the treatment takes, however slow that is")
    func timing() async throws {
        let folder = try TemporaryFolder()
        let input = try film(folder)
        for delay in [0.008, 0.024] {
            let plan = try await job(input, sheet: folder.file("\(delay).png"), delay: delay).run()
            #expect((plan.estimate?.pictureSeconds ?? 0) > 96 * delay)
        }
    }

    @Test("a second treatment is given few of the first one's frames, and the estimate counts both for every frame")
    func chain() async throws {
        let folder = try TemporaryFolder()
        let input = try film(folder)
        let (plan, calls) = try await counted(input, delay: 0.03, after: [{ _ in Self.turning(delay: 0.002) }])
        let seconds = plan.estimate?.pictureSeconds ?? 0
        #expect(seconds > 96 * 0.032, "\(seconds)")
        // Four pieces, each a twentieth of a second to be warm and a tenth to be measured.
        #expect(calls < 80, "\(calls)")
        #expect(plan.samples.count == 4 && folder.names == ["film.mkv", "film.mkv.plan.jpg"])
    }

    @Test("where a frame takes seconds one piece is measured, and of the others only the telling frame is treated")
    func slow() async throws {
        let folder = try TemporaryFolder()
        let input = try film(folder)
        let (plan, calls) = try await counted(input, delay: 0.08)
        #expect((plan.estimate?.pictureSeconds ?? 0) > 96 * 0.08)
        // Some of the first piece, one of each of the others; of the whole pieces it would be a hundred and more.
        #expect(calls <= 24, "\(calls)")
    }

    @Test("a sheet is never overwritten unasked, and a free name is found")
    func sheets() async throws {
        let folder = try TemporaryFolder()
        let input = try film(folder, frames: 12)
        _ = try await job(input).run()
        #expect(try await job(input).run().sheet == input + ".plan-2.jpg")
        let error = await #expect(throws: MediaError.self) { try await job(input, sheet: input + ".plan.jpg").run() }
        #expect(error?.code == .exists)
        let before = try Data(contentsOf: URL(filePath: input))
        await #expect(throws: MediaError.self) { try await job(input, sheet: input, overwrite: true).run() }
        #expect(try Data(contentsOf: URL(filePath: input)) == before)
        #expect(folder.names == ["film.mkv", "film.mkv.plan-2.jpg", "film.mkv.plan.jpg"])
    }

    @Test("a stage that fails names the frame, a stop stops, and neither leaves a file", arguments: [true, false])
    func failures(isStopped: Bool) async throws {
        let folder = try TemporaryFolder()
        let input = try film(folder, frames: 24)
        let monitor = JobMonitor()
        let job = PlanJob(
            input: input, treatment: PlanTreatment(), trialSeconds: 0.1,
            stages: [
                { _ in
                    TestStage(change: { _ in
                        if isStopped { monitor.cancel() }
                        throw TestFailure()
                    })
                }
            ])
        if isStopped {
            await #expect(throws: CancellationError.self) { try await job.run(monitor: monitor) }
        } else {
            let error = await #expect(throws: RestorationError.self) { try await job.run(monitor: monitor) }
            #expect(error?.code == .frameFailed)
        }
        #expect(folder.names == ["film.mkv"])
    }

    @Test("a plan for a film that needs nothing only looks; one for the sound of a silent film is refused")
    func nothingToDo() async throws {
        let folder = try TemporaryFolder()
        let input = try film(folder, frames: 24)
        let plan = try await PlanJob(input: input, treatment: PlanTreatment(), choice: ["So there is nothing to do."])
            .run()
        #expect(plan.estimate == nil && plan.sheet == nil && plan.samples.isEmpty && plan.choice.count == 1)
        let error = await #expect(throws: MediaError.self) {
            try await PlanJob(input: input, treatment: PlanTreatment(clean: CleanSettings())).run()
        }
        #expect(error?.code == .noSound && folder.names == ["film.mkv"])
    }
}
