import Foundation
import HeirloomModels
import HeirloomTraining

extension ColorRecipe {
    /// What a user sets of a recipe, each nil for what the recipe says.
    public struct Changes: Sendable {
        /// Rate of the first phase; those of the other generator phases keep their ratios to it.
        public var rate: Double?
        /// Pictures in a batch.
        public var batchSize: Int?
        /// Sides of the pictures of the generator phases; the number of phases follows.
        public var sizes: [Int]?
        /// Leaves out the critic and what comes after it.
        public var withoutCritic = false

        /// Sets what is not nil.
        public init(
            rate: Double? = nil, batchSize: Int? = nil, sizes: [Int]? = nil, withoutCritic: Bool = false
        ) {
            self.rate = rate
            self.batchSize = batchSize
            self.sizes = sizes
            self.withoutCritic = withoutCritic
        }

        /// Reads sizes as a command line has them: `64,96,128`.
        /// - Throws: `TrainingError` when it is no list of sizes that the network takes.
        public static func sizes(_ text: String) throws -> [Int] {
            let sizes = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard !sizes.isEmpty, sizes.allSatisfy({ $0 > 0 && $0 % ColorUNet.sizeMultiple == 0 }) else {
                throw TrainingError(
                    code: .unfittingState,
                    reason:
                        "\"\(text)\" are no sizes; give multiples of \(ColorUNet.sizeMultiple) with commas, such as "
                        + "64,96,128")
            }
            return sizes
        }
    }

    /// The recipe with what a user sets.
    /// - Throws: `TrainingError` when no phase is left.
    public func changed(_ changes: Changes) throws -> ColorRecipe {
        var recipe = self
        if changes.withoutCritic { recipe.phases.removeAll { $0.kind != .generator } }
        guard !recipe.phases.isEmpty else {
            throw TrainingError(code: .unfittingState, reason: "without critic and polish this recipe has no phases")
        }
        if let sizes = changes.sizes {
            let (trained, polish) = (
                recipe.phases.filter { $0.kind == .generator }, recipe.phases.filter { $0.kind != .generator }
            )
            let share = trained.reduce(0) { $0 + $1.share } / Double(max(sizes.count, 1))
            let resized = sizes.enumerated().compactMap { index, size -> Phase? in
                guard var phase = trained.isEmpty ? nil : trained[min(index, trained.count - 1)] else { return nil }
                phase.size = size
                if sizes.count != trained.count { phase.share = share }
                return phase
            }
            recipe.phases = resized + polish
        }
        if let rate = changes.rate, let first = recipe.phases.first {
            let factor = rate / first.rate
            for index in recipe.phases.indices where index == 0 || recipe.phases[index].kind == .generator {
                recipe.phases[index].rate *= factor
            }
        }
        if let batch = changes.batchSize {
            for index in recipe.phases.indices { recipe.phases[index].batchSize = batch }
        }
        return recipe
    }
}
