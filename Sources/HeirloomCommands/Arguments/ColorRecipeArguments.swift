import ArgumentParser
import HeirloomRecipes

/// What somebody who knows training may set of a colour training; all of it is found by itself otherwise.
struct ColorRecipeArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A recipe: colorize, nogan, or a JSON file with the keys that a model's training record shows.",
            valueName: "recipe"))
    var recipe: String?

    @Option(help: ArgumentHelp("Rate of the first phase; the others keep their ratios to it.", valueName: "rate"))
    var rate: Double?

    @Option(help: ArgumentHelp("Pictures in a batch.", valueName: "count"))
    var batch: Int?

    @Option(help: ArgumentHelp("Sides of the pictures, phase by phase, such as 64,96,128.", valueName: "pixels"))
    var sizes: String?

    @Flag(name: .customLong("no-gan"), help: "Leave out the critic and the game against it.")
    var withoutCritic = false

    func validate() throws {
        guard (rate ?? 1) > 0, (batch ?? 1) > 0 else {
            throw ValidationError("--rate and --batch must be more than 0.")
        }
    }

    /// The recipe, with what the user set.
    /// - Parameter standard: What is taken where no recipe is named.
    func chosen(standard: ColorRecipe) throws -> ColorRecipe {
        let standard = try recipe.map { try ColorRecipe(named: $0) } ?? standard
        return try standard.changed(
            .init(
                rate: rate, batchSize: batch, sizes: try sizes.map(ColorRecipe.Changes.sizes),
                withoutCritic: withoutCritic))
    }

    /// Whether the rate is searched: when nobody set one, the training starts anew, and there is time for it.
    func findsRate(minutes: Double?, isFast: Bool, _ start: ColorStart) -> Bool {
        rate == nil && recipe == nil && !start.isTrained && (minutes ?? .infinity) >= (isFast ? 5 : 30)
    }
}
