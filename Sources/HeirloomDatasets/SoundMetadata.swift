/// What a sound store says about its clips: families, origins, licences, names.
public struct SoundMetadata: Codable, Equatable, Sendable {
    /// What clips belong to: a talker or a corner of a language for speech, a kind of sound for noise.
    public var families: [String]
    /// The origins, each with the number of its clips.
    public var sources: [PackedMetadata.Source]
    /// One file name per clip, in the store's order.
    public var names: [String]

    /// Describes a store.
    public init(families: [String] = [], sources: [PackedMetadata.Source] = [], names: [String] = []) {
        self.families = families
        self.sources = sources
        self.names = names
    }
}
