@testable import HeirloomRestoration
import Testing

/// What sizes are, and what they make of a picture.
@Suite struct UpscaleTargetTests {
    @Test(
        "sizes as people write them",
        arguments: [
            ("2", TargetSize.factor(2)), ("1.5", .factor(1.5)), ("16", .factor(16)), ("1", .factor(1)),
            ("800x600", .exact(width: 800, height: 600)), ("800X600", .exact(width: 800, height: 600)),
            ("1080p", .screen(lines: 1080)), ("2160P", .screen(lines: 2160)),
        ])
    func parsing(text: String, size: TargetSize) {
        #expect(TargetSize(text) == size)
        #expect(TargetSize(size.description) == size)
    }

    @Test(
        "what is no size is none",
        arguments: [
            "0", "17", "0.5", "-2", "nan", "inf", "", "x", "800x", "x600", "0x10", "800x600x2", "1081p", "p", "two",
            "-1x5", "999999999x1", "1e99",
        ])
    func nonsense(text: String) {
        #expect(TargetSize(text) == nil)
    }

    @Test("pictures fit the screen, lying or standing, and keep their shape")
    func screens() throws {
        func size(_ width: Int, _ height: Int, _ text: String, even: Bool = false) throws -> [Int] {
            let size = try #require(TargetSize(text)).size(width: width, height: height, even: even)
            return [size.width, size.height]
        }
        #expect(try size(640, 480, "1080p") == [1440, 1080])
        #expect(try size(480, 640, "1080p") == [1080, 1440])
        #expect(try size(1000, 400, "1080p") == [1920, 768])
        #expect(try size(960, 402, "2160p", even: true) == [3840, 1608])
        #expect(try size(33, 21, "1.5") == [50, 32])
        #expect(try size(33, 21, "1.5", even: true) == [50, 32])
    }

    @Test("more than sixteen times is refused, with both sizes named")
    func tooMuch() {
        let error = #expect(throws: RestorationError.self) {
            try TargetSize.screen(lines: 1080).size(width: 1, height: 1)
        }
        #expect(error?.code == .badRequest && error?.description.contains("1×1") == true)
    }

    @Test("long work is announced, with the faster model where there is one")
    func forecast() {
        let deep = TileWatch.sentence("a.png", seconds: 61 * 60, isDeep: true)
        #expect(deep.contains("61 minutes") && deep.contains("realesr-animevideov3-x4"))
        #expect(!TileWatch.sentence("a.png", seconds: 3 * 3600, isDeep: false).contains("--model"))
        #expect(TileWatch.sentence("a.png", seconds: 3 * 3600, isDeep: false).contains("3 hours"))
    }

    @Test("settings out of range are refused")
    func settings() {
        for change: (inout UpscaleSettings) -> Void in [
            { $0.strength = 1.1 }, { $0.strength = .nan }, { $0.denoise = -1 }, { $0.tile = 5 }, { $0.batch = 0 },
            { $0.threads = 0 },
        ] {
            var settings = UpscaleSettings()
            change(&settings)
            #expect(throws: RestorationError.self) { try settings.validate() }
        }
    }
}
