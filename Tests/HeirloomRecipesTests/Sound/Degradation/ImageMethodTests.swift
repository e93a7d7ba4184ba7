import Foundation
@testable import HeirloomRecipes
import HeirloomTensors
import TestSupport
import Testing

@Suite struct ImageMethodTests {
    private struct Golden: Codable {
        let size: [Double], absorption: Double, order: Int, rate: Int, source: [Double]
        let microphones: [[Double]], responses: [[Double]]
    }

    /// Against pyroomacoustics. Both round nothing but the tap weights, to 7 digits in the file; the table of sines that
    /// pyroomacoustics interpolates in leaves 1e-3 of an arrival.
    @Test func equalsPyroomacoustics() throws {
        let golden = try JSONDecoder().decode(Golden.self, from: Data(Fixture.bytes("roomacoustics/room.json")))
        let room = ImageMethod(size: golden.size, reflection: (1 - golden.absorption).squareRoot())
        let responses = room.responses(
            from: golden.source, to: golden.microphones, sampleRate: golden.rate, count: golden.responses[0].count,
            maximumOrder: golden.order)
        let expected = Tensor(golden.responses.flatMap { $0.map(Float.init) }, shape: responses.shape)
        expectClose(responses, expected, absolute: 2e-3)
    }

    @Test func theDirectSoundComesFirstAndFadesWithDistance() {
        let room = ImageMethod(size: [6, 5, 3], reflection: 0)
        let source = [1.0, 2, 1.5]
        // At distances that are whole numbers of samples the height is exactly 1/distance.
        let step = 343.0 / 16_000
        for samples in [50, 100, 150] {
            let response = room.responses(
                from: source, to: [[1 + step * Double(samples), 2, 1.5]], sampleRate: 16_000, count: 400
            ).scalars(as: Float.self)
            let distance = step * Double(samples)
            #expect(abs(Double(response[samples]) - 1 / distance) < 1e-4 / distance)
            #expect(response.enumerated().allSatisfy { $0 == samples || abs($1) < 1e-4 })
        }
    }

    @Test func displacementLeavesTheTalkerWhereItIs() {
        var room = ImageMethod(size: [4, 5, 3], reflection: 0.8)
        let still = room.responses(from: [1, 1, 1], to: [[3, 2, 1]], sampleRate: 8000, count: 300)
        room.jitter = 0.05
        let moved = room.responses(
            from: [1, 1, 1], to: [[3, 2, 1]], sampleRate: 8000, count: 300, using: Generator(seed: 3))
        let first = Int(5.0.squareRoot() / 343 * 8000)
        expectClose(
            moved.sliced(axis: 1, from: 0, to: first - 5), still.sliced(axis: 1, from: 0, to: first - 5), absolute: 0.05
        )
        #expect((moved - still).abs().max().item() > 0.05)
    }
}
