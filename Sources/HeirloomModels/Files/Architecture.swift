import Foundation

/// A network that files and the manifest can name.
public struct Architecture: Sendable {
    /// Its name in files, such as `color-unet`.
    public let name: String
    /// The names of the published weights in PyTorch form, where there are any.
    public let publishedKeys: KeyTable?
    private let makeFromJSON: @Sendable (_ configuration: String?, _ elements: Int?) throws -> any BuildableModel

    /// Names a network.
    /// - Parameters:
    ///   - standard: The configuration where a file states none.
    ///   - elements: How many numbers a network of some configuration saves, where that is known before it is built.
    public init<Model: BuildableModel>(
        _ name: String, _ type: Model.Type, standard: Model.Configuration, publishedKeys: KeyTable? = nil,
        elements: (@Sendable (Model.Configuration) -> Int)? = nil
    ) {
        self.name = name
        self.publishedKeys = publishedKeys
        makeFromJSON = { json, found in
            var configuration = standard
            if let json {
                do {
                    configuration = try JSONDecoder().decode(Model.Configuration.self, from: Data(json.utf8))
                } catch {
                    throw CheckpointError(
                        .corrupt, reason: "the configuration of its network is not valid: \(json.prefix(200))")
                }
            }
            // Twice as many would still be a small allocation, and then every missing name is listed.
            if let found, let wanted = elements?(configuration), wanted > 2 * found + 1_000_000 {
                throw CheckpointError(
                    .corrupt,
                    reason:
                        "its sizes make a network of \(wanted) numbers, and the file holds \(found): it is incomplete")
            }
            return Model(configuration, using: nil)
        }
    }

    /// Builds the network with zeros for weights, to be loaded.
    /// - Parameters:
    ///   - configuration: JSON; nil takes the standard one.
    ///   - elements: How many numbers there are to load; far fewer than the network needs are refused before it takes
    ///     its memory.
    public func build(configuration: String? = nil, elements: Int? = nil) throws -> any BuildableModel {
        try makeFromJSON(configuration, elements)
    }
}

extension Encodable {
    /// The value as JSON, keys in order.
    func json() -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            preconditionFailure("\(Self.self) cannot be written as JSON: \(error)")
        }
    }
}
