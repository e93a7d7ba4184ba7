public import HeirloomDatasets
import HeirloomModels
import HeirloomTraining

extension ColorTask {
    /// Models that a training needs beside the one that it starts from: feature loss and judgement.
    public static let neededModels = ["efficientnet-lite0", "efficientnet-lite1"]

    /// Fewest pictures that can be trained on, and how many it takes for a model that is good at more than them.
    public static let fewestPictures = 8, enoughPictures = 100

    /// Divides a store into pictures to train on and to judge by.
    /// - Parameters:
    ///   - photographs: What a refusal names: the user's folders, where the store was made of them; else the store.
    ///   - validation: Part of the pictures set aside; nil takes a fifth of a small store and a twentieth of a large one.
    /// - Throws: `DatasetError` when the store cannot be read or holds fewer than ``fewestPictures`` pictures.
    public static func split(
        store path: String, of photographs: String? = nil, validation: Double?, seed: UInt64 = 1
    ) throws -> Split {
        let store = try PackedStore(contentsOf: path)
        guard store.count >= fewestPictures else {
            throw DatasetError(
                code: .tooSmall, path: photographs ?? path,
                reason:
                    "holds \(store.count) colour photograph\(store.count == 1 ? "" : "s"); a training needs at least "
                    + "\(fewestPictures), and \(enoughPictures) to be worth it: add photographs")
        }
        let count = store.count
        let held = min(150, max(count / 20, min(60, count / 5)))
        return try store.split(validation: validation ?? Double(held) / Double(count), seed: seed)
    }

    /// What to say about a store with few pictures, or nil.
    public static func warning(_ split: Split) -> String? {
        let count = split.training.count
        guard count < enoughPictures else { return nil }
        return "only \(count) photographs to train on: the model will know these, and little else"
    }

    /// The recipe for a start when the user names none.
    public static func recipe(for start: ColorStart, split: Split, largestSize: Int = 128) -> ColorRecipe {
        guard start.isTrained else { return .colorize }
        let sides = split.training.map { min(split.store.entries[$0].width, split.store.entries[$0].height) }.sorted()
        return .transfer(
            pictures: split.training.count, heldOut: split.validation.count,
            shortSide: sides.isEmpty ? largestSize : sides[sides.count / 2], largestSize: largestSize)
    }
}
