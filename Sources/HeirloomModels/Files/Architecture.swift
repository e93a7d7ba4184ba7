import Foundation

/// A network that files and the manifest can name.
public struct Architecture: Sendable {
    /// Its name in files, such as `color-unet`.
    public let name: String
    /// The names of the published weights in PyTorch form, where there are any.
    public let publishedKeys: KeyTable?
    private let makeFromJSON: @Sendable (String?) throws -> any BuildableModel

    /// Names a network.
    /// - Parameter standard: The configuration where a file states none.
    public init<Model: BuildableModel>(
        _ name: String, _ type: Model.Type, standard: Model.Configuration, publishedKeys: KeyTable? = nil
    ) {
        self.name = name
        self.publishedKeys = publishedKeys
        makeFromJSON = { json in
            guard let json else { return Model(standard, using: nil) }
            do {
                return Model(try JSONDecoder().decode(Model.Configuration.self, from: Data(json.utf8)), using: nil)
            } catch {
                throw CheckpointError(
                    .corrupt, reason: "the configuration of its network is not valid: \(json.prefix(200))")
            }
        }
    }

    /// Builds the network with zeros for weights, to be loaded.
    /// - Parameter configuration: JSON; nil takes the standard one.
    public func build(configuration: String? = nil) throws -> any BuildableModel { try makeFromJSON(configuration) }
}
