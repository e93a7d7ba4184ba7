import Foundation
public import HeirloomTraining

/// Recipes that users write as JSON.
///
/// Keys may be left out, but a key that nothing reads is refused: a misspelt `averageDecya` would otherwise train for an
/// hour on the standard value.
public enum RecipeFile {
    /// The recipe in a file.
    ///
    /// - Parameter builtIn: names that could have been given instead, for the message about a file that is not there.
    /// - Throws: `TrainingError` that names the file and what is wrong with it: unreadable, not JSON, a value out of its
    ///   range, or keys that a recipe does not have.
    public static func read<Recipe: Codable>(
        _ type: Recipe.Type, from path: String, builtIn: [String] = []
    ) throws(TrainingError) -> Recipe {
        guard let text = FileManager.default.contents(atPath: path) else {
            let others = builtIn.isEmpty ? "" : ", or one of \(builtIn.joined(separator: " and "))"
            throw TrainingError(
                code: .inaccessible, reason: "the recipe \(path) cannot be read; name a JSON file\(others)")
        }
        do {
            let recipe = try JSONDecoder().decode(Recipe.self, from: text)
            let known = try JSONSerialization.jsonObject(with: JSONEncoder().encode(recipe))
            let unknown = try unreadKeys(of: JSONSerialization.jsonObject(with: text), in: known)
            guard unknown.isEmpty else {
                throw TrainingError(
                    code: .unfittingState,
                    reason: "\(path) is not a recipe: it has keys that nothing reads: "
                        + unknown.joined(separator: ", "))
            }
            return recipe
        } catch let error as TrainingError {
            throw error
        } catch {
            throw TrainingError(code: .unfittingState, reason: "\(path) is not a recipe: \(sentence(error))")
        }
    }

    /// The paths of keys that are in a JSON value and not in what was made of it; a null says as much as no key.
    private static func unreadKeys(of given: Any, in known: Any, at place: String = "") -> [String] {
        switch (given, known) {
        case (let given as [String: Any], let known as [String: Any]):
            given.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
                let path = place.isEmpty ? key : "\(place).\(key)"
                if let match = known[key] { return unreadKeys(of: value, in: match, at: path) }
                return value is NSNull ? [] : [path]
            }
        case (let given as [Any], let known as [Any]):
            zip(given, known).enumerated().flatMap { unreadKeys(of: $1.0, in: $1.1, at: "\(place)[\($0)]") }
        default: []
        }
    }

    private static func sentence(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
            return path.isEmpty ? "" : "at \(path.joined(separator: ".")): "
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): return place(context) + "the key \(key.stringValue) is missing"
        case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
            return place(context) + context.debugDescription
        default: return "\(error)"
        }
    }
}
