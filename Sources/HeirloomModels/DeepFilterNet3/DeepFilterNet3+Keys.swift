import HeirloomTensors

extension DeepFilterNet3 {
    /// The names in the published ONNX graphs, by what computes with the weights, and ours.
    public static let publishedKeys = KeyTable(
        family: "DeepFilterNet3",
        rules: [
            .init("enc/erb_conv0/1/Conv.{*}", "encoder.band0.{*}"),
            .init("enc/erb_conv1/0/Conv.{*}", "encoder.band1.depthwise.{*}"),
            .init("enc/erb_conv1/1/Conv.{*}", "encoder.band1.pointwise.{*}"),
            .init("enc/erb_conv2/Conv.{*}", "encoder.band2.depthwise.{*}"),
            .init("enc/erb_conv2/Conv_1.{*}", "encoder.band2.pointwise.{*}"),
            .init("enc/erb_conv3/0/Conv.{*}", "encoder.band3.depthwise.{*}"),
            .init("enc/erb_conv3/1/Conv.{*}", "encoder.band3.pointwise.{*}"),
            .init("enc/df_conv0/1/Conv.{*}", "encoder.bin0.depthwise.{*}"),
            .init("enc/df_conv0/2/Conv.{*}", "encoder.bin0.pointwise.{*}"),
            .init("enc/df_conv1/Conv.{*}", "encoder.bin1.depthwise.{*}"),
            .init("enc/df_conv1/Conv_1.{*}", "encoder.bin1.pointwise.{*}"),
            .init("enc/df_fc_emb/0/Einsum.{*}", "encoder.binEmbedding.{*}"),
            .init("enc/emb_gru/linear_in/0/Einsum.{*}", "encoder.recurrent.narrowing.{*}"),
            .init("enc/emb_gru/GRU.{*}", "encoder.recurrent.recurrent.0.{*}"),
            .init("enc/emb_gru/linear_out/0/Einsum.{*}", "encoder.recurrent.widening.{*}"),
            .init("enc/lsnr_fc/0/MatMul.weight", "encoder.signalToNoise.weight"),
            .init("enc/lsnr_fc/0/Add.bias", "encoder.signalToNoise.bias"),
            .init("erb_dec/emb_gru/linear_in/Einsum.{*}", "bandDecoder.recurrent.narrowing.{*}"),
            .init("erb_dec/emb_gru/GRU.{*}", "bandDecoder.recurrent.recurrent.0.{*}"),
            .init("erb_dec/emb_gru/GRU_1.{*}", "bandDecoder.recurrent.recurrent.1.{*}"),
            .init("erb_dec/emb_gru/linear_out/Einsum.{*}", "bandDecoder.recurrent.widening.{*}"),
            .init("erb_dec/conv3p/0/Conv.{*}", "bandDecoder.skip3.{*}"),
            .init("erb_dec/convt3/Conv.{*}", "bandDecoder.up3.depthwise.{*}"),
            .init("erb_dec/convt3/Conv_1.{*}", "bandDecoder.up3.pointwise.{*}"),
            .init("erb_dec/conv2p/Conv.{*}", "bandDecoder.skip2.{*}"),
            .init("erb_dec/convt2/0/ConvTranspose.{*}", "bandDecoder.up2.depthwise.{*}"),
            .init("erb_dec/convt2/1/Conv.{*}", "bandDecoder.up2.pointwise.{*}"),
            .init("erb_dec/conv1p/Conv.{*}", "bandDecoder.skip1.{*}"),
            .init("erb_dec/convt1/ConvTranspose.{*}", "bandDecoder.up1.depthwise.{*}"),
            .init("erb_dec/convt1/Conv.{*}", "bandDecoder.up1.pointwise.{*}"),
            .init("erb_dec/conv0p/Conv.{*}", "bandDecoder.skip0.{*}"),
            .init("erb_dec/conv0_out/0/Conv.{*}", "bandDecoder.last.{*}"),
            .init("df_dec/df_gru/linear_in/linear_in.0/Einsum.{*}", "filterDecoder.recurrent.narrowing.{*}"),
            .init("df_dec/df_gru/gru/GRU.{*}", "filterDecoder.recurrent.recurrent.0.{*}"),
            .init("df_dec/df_gru/gru/GRU_1.{*}", "filterDecoder.recurrent.recurrent.1.{*}"),
            .init("df_dec/df_skip/Einsum.{*}", "filterDecoder.skip.{*}"),
            .init("df_dec/df_convp/df_convp.1/Conv.{*}", "filterDecoder.pathway.depthwise.{*}"),
            .init("df_dec/df_convp/df_convp.2/Conv.{*}", "filterDecoder.pathway.pointwise.{*}"),
            .init("df_dec/df_out/df_out.0/Einsum.{*}", "filterDecoder.last.{*}"),
        ])

    /// The published weights.
    static let family = WeightFamily(
        architecture: "deepfilternet3", keys: publishedKeys, markers: ["df_dec/df_out/df_out.0/Einsum.weight"],
        configuration: { shapes throws(CheckpointError) in
            let convolution = try shapes.shape("encoder.band1.pointwise.weight", rank: 4)
            let recurrent = try shapes.shape("encoder.recurrent.recurrent.0.weight_hh_l0", rank: 2)
            let sizes = DeepFilterNet3Configuration(unchecked: (convolution[0], recurrent[1]))
            if let fault = sizes.fault { throw CheckpointError(.keys, reason: fault) }
            return sizes.json()
        },
        // How much of the filters should be used: the training needed it, what is published has no use for it.
        prepared: { $0.filter { name, _ in !name.hasPrefix("df_dec/df_fc_a/") } })

    /// What the file beside the graphs says of how the network is fed: other values make another network of the same
    /// weights.
    static let settings = [
        "train.model": "deepfilternet3", "df.sr": "48000", "df.fft_size": "960", "df.hop_size": "480",
        "df.nb_erb": "32", "df.nb_df": "96", "df.norm_tau": "1", "df.min_nb_erb_freqs": "2", "df.df_order": "5",
        "df.df_lookahead": "2",
        "deepfilternet.conv_lookahead": "2",
    ]
}
