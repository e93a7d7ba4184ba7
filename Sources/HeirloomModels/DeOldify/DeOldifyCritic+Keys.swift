extension DeOldifyCritic {
    /// The names in DeOldify's files and ours.
    public static let publishedKeys = KeyTable(
        family: "DeOldify's critic",
        rules: [0, 2, 4, 5, 7, 8, 10, 11, 12].enumerated().map { index, place in
            .init("\(place).0.{*}", "convolutions.\(index).{*}")
        } + [.init("4.2.{*}", "attention.{*}")])

    /// How the files are recognised and what their shapes mean. They do not state the dropout.
    static let family = WeightFamily(
        architecture: "deoldify-critic", keys: publishedKeys, markers: ["0.0.weight_orig", "4.2.gamma"],
        configuration: { shapes throws(CheckpointError) in
            let sizes = DeOldifyCriticConfiguration(
                unchecked: try shapes.shape("convolutions.0.weight_orig", rank: 4)[0],
                DeOldifyCriticConfiguration().dropout)
            if let fault = sizes.fault { throw CheckpointError(.keys, reason: fault) }
            return sizes.json()
        })
}
