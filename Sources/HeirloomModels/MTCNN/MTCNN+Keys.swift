import HeirloomTensors

extension MTCNN {
    /// The names in the published PyTorch files, each file's behind its own, and ours.
    public static let publishedKeys = KeyTable(
        family: "MTCNN",
        rules: [
            .init("pnet.conv4_1.{*}", "proposer.score.{*}"),
            .init("pnet.conv4_2.{*}", "proposer.border.{*}"),
            .init("rnet.dense4.{*}", "refiner.dense.{*}"),
            .init("rnet.prelu4.{*}", "refiner.denseActivation.{*}"),
            .init("rnet.dense5_1.{*}", "refiner.score.{*}"),
            .init("rnet.dense5_2.{*}", "refiner.border.{*}"),
            .init("onet.dense5.{*}", "judge.dense.{*}"),
            .init("onet.prelu5.{*}", "judge.denseActivation.{*}"),
            .init("onet.dense6_1.{*}", "judge.score.{*}"),
            .init("onet.dense6_2.{*}", "judge.border.{*}"),
            .init("onet.dense6_3.{*}", "judge.points.{*}"),
        ]
            + [("pnet", "proposer", 3), ("rnet", "refiner", 3), ("onet", "judge", 4)].flatMap { foreign, own, count in
                // They count from 1.
                (1...count).flatMap { number -> [KeyTable.Rule] in
                    [
                        .init("\(foreign).conv\(number).{*}", "\(own).convolutions.\(number - 1).{*}"),
                        .init("\(foreign).prelu\(number).{*}", "\(own).activations.\(number - 1).{*}"),
                    ]
                }
            })

    /// The published weights: those of the three networks together, as the authors of the package save them.
    static let family = WeightFamily(
        architecture: "mtcnn", keys: publishedKeys,
        markers: ["pnet.conv4_1.weight", "rnet.dense5_1.weight", "onet.dense6_1.weight"],
        configuration: { _ throws(CheckpointError) in MTCNNConfiguration().json() })
}
