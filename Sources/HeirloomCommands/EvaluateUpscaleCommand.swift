public import ArgumentParser
import Foundation
import HeirloomRestoration

/// `heirloom evaluate upscale`: PSNR and SSIM of enlarged pictures.
public struct EvaluateUpscaleCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "upscale",
        abstract: "Measure how close enlarged pictures come to the true ones.",
        discussion: """
            PSNR and SSIM on luma (16...235, Rec. 601) of 8-bit pictures, as many pixels as the scale left out along the \
            border, as papers report them. Pictures are paired by name; the suffixes _HR, _LR, _SRF_4_HR, x4 and the like \
            do not count. Small pictures of the usual test sets are bicubic reductions, on which models for real \
            photographs score at or below bicubic: use these figures to compare training runs, not looks.

            EXAMPLES:
              heirloom evaluate upscale --hr Set5 --lr Set5 --model bicubic
              heirloom evaluate upscale --hr Set14/HR --lr Set14/LR --model realesr-animevideov3-x4 --json
              heirloom evaluate upscale --hr Set5 --sr results/
            """)

    @Option(help: ArgumentHelp("Folder of the true pictures.", valueName: "folder"), completion: .directory)
    var hr: String

    @Option(
        help: ArgumentHelp("Folder of small pictures, to be enlarged.", valueName: "folder"), completion: .directory)
    var lr: String?

    @Option(
        help: ArgumentHelp("Folder of ready results, instead of --lr.", valueName: "folder"), completion: .directory)
    var sr: String?

    @Option(
        help: ArgumentHelp(
            "A model's name (heirloom models), a weights file, or bicubic; realesrgan-x4plus when none is said.",
            valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "By how much; found out from the sizes when not given (4 for --sr).", valueName: "factor"))
    var scale: Int?

    @Flag(help: "Round luma to whole numbers first, as older papers did; costs up to 0.01 dB.")
    var roundLuma = false

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @OptionGroup(title: "Device options") var device: DeviceArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        if (lr == nil) == (sr == nil) { throw ValidationError("Give either --lr or --sr.") }
        if sr != nil, model != nil {
            throw ValidationError("--model enlarges the pictures of --lr; leave it out with --sr.")
        }
        if let scale, !(1...16).contains(scale) { throw ValidationError("--scale \(scale) is outside 1...16.") }
        _ = try device.choice()
    }

    /// Measures and prints.
    public func run() async throws {
        var evaluation = UpscaleEvaluation(truth: hr, method: method)
        evaluation.scale = scale
        evaluation.device = try device.choice()
        evaluation.precision = device.precision
        evaluation.threads = device.threads
        evaluation.roundsLuma = roundLuma
        let table = !json
        let scores = try await evaluation.run { picture, index in
            guard table else { return }
            if index == 0 { print(Self.line("picture", "PSNR dB", "SSIM")) }
            print(Self.line(picture.name, Self.psnr(picture.psnr), Self.ssim(picture.ssim)))
        }
        guard json else {
            return print(Self.line("mean of \(scores.pictures.count)", Self.psnr(scores.psnr), Self.ssim(scores.ssim)))
        }
        print(try JSONText.of(scores))
    }

    private var method: UpscaleEvaluation.Method {
        if let sr { return .results(sr) }
        let small = lr ?? hr
        return model == "bicubic" ? .bicubic(small: small) : .model(ModelChoice(model), small: small)
    }

    private static func psnr(_ value: Double) -> String { value.isFinite ? String(format: "%.2f", value) : "equal" }
    private static func ssim(_ value: Double) -> String { String(format: "%.4f", value) }

    private static func line(_ name: String, _ psnr: String, _ ssim: String) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(width - text.count, 0)) + text
        }
        return name.padding(toLength: max(name.count, 24), withPad: " ", startingAt: 0) + padded(psnr, 9)
            + padded(ssim, 9)
    }
}
