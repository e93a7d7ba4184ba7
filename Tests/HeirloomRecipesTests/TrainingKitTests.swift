import Foundation
import HeirloomModels
import HeirloomRecipes
import TestSupport
import Testing

/// The runners of `heirloom-engine check parity` for training, on a small kit of another seed than the published one.
@Suite struct TrainingKitTests {
    @Test func everyCasePasses() throws {
        let results = try ParityKit(folder: Fixture.path("training-kit")).run(describers: ColorizerParity.describers)
        #expect(results.count == 18 + 6)
        for result in results {
            #expect(result.passes() == true, "\(result.name): \(result.largestError ?? .nan) of \(result.limit)")
        }
        #expect(results.filter { $0.limit < 1e-4 }.count == 6)
    }

    /// A kit of another seed, rate, transform and label: each must be noticed.
    @Test(arguments: [
        ("kit-augment.json", "training-kit-7", "training-kit-8", 18),
        ("kit-misc.json", "\"lr\": 0.02", "\"lr\": 0.021", 1),
        ("kit-misc.json", "\"pct_start\": 0.4", "\"pct_start\": 0.6", 1),
        ("kit-misc.json", "training-kit-7", "training-kit-8", 2),
    ])
    func wrongNumbersAreFound(file: String, text: String, wrong: String, failures: Int) throws {
        let folder = try TemporaryFolder()
        let source = String(decoding: try Fixture.bytes("training-kit/\(file)"), as: UTF8.self)
        #expect(source.contains(text))
        try folder.write(Array(source.replacingOccurrences(of: text, with: wrong).utf8), to: file)
        let results = try ParityKit(folder: folder.path).run(describers: ColorizerParity.describers)
        #expect(results.filter { $0.passes() == false }.count == failures)
    }

    @Test func otherFormsAreNamedAndNotRun() throws {
        let folder = try TemporaryFolder()
        for (file, json) in [
            ("game.json", #"{"seed": "s", "note": "batch 4", "iterations": [{"mode": "gen"}]}"#),
            ("train.json", #"{"seed": "s", "batch": [2, 3, 50, 64], "stages": [], "final_eval_loss": 1}"#),
            ("augment.json", #"{"seed": "s", "image": [9, 9, 3], "cases": [{"name": "shear", "size": 4}]}"#),
            ("loss.json", #"{"seed": "s", "loss": "FeatureLoss", "cases": [{"shape": [1, 3, 4, 4]}]}"#),
        ] {
            try folder.write(Array(json.utf8), to: file)
        }
        let results = try ParityKit(folder: folder.path).run(describers: ColorizerParity.describers)
        #expect(results.count == 4)
        for result in results {
            #expect(result.passes() == nil && result.note != "this network does not exist yet", "\(result)")
        }
    }
}
