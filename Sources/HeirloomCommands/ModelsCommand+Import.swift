import ArgumentParser
import Foundation
import HeirloomModels

extension ModelsCommand {
    /// `heirloom models import`: weights that other programs wrote, as a model of this one.
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Import weights that other programs wrote.",
            discussion: """
                Reads PyTorch's .pth (old and new; params_ema, params, model, or a bare state dict), ncnn's .param with its \
                .bin beside it, and safetensors, of the networks RRDBNet, SRVGGNetCompact, the critic of Real-ESRGAN, \
                DeOldify's generators and critics, and VGG16-BN. The network is recognised by the names in the file and its \
                sizes by the shapes; every tensor is used, or nothing is imported. No code in a file is run.

                EXAMPLES:
                  heirloom models import RealESRGAN_x2plus.pth --name x2plus
                  heirloom models import realesrgan-x4plus.param --name x4
                  heirloom models import ColorizeArtistic_gen.pth --name artistic --licence MIT
                """)

        @Argument(help: ArgumentHelp("The weights.", valueName: "file"))
        var file: String

        @Option(
            help: ArgumentHelp("What --model calls them afterwards; the file's name when not given.", valueName: "name")
        )
        var name: String?

        @Option(help: ArgumentHelp("The licence of the weights, kept in the file.", valueName: "text"))
        var licence = "not stated"

        @Flag(help: "Replace an imported model of the same name.")
        var overwrite = false

        func run() throws {
            let pretrained = try Pretrained.standard()
            let model = try pretrained.importModel(file, name: name, licence: licence, replacing: overwrite)
            for note in model.notes { StandardError.write("heirloom: note: \(note)\n") }
            let header = model.header
            print("\(model.name): \(header?.architecture ?? "") \(header?.configuration ?? ""), in \(model.path)")
        }
    }
}
