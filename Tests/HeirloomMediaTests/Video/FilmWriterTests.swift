import Foundation
import HeirloomMedia
import Testing

@Suite("What a film is written to")
struct FilmWriterTests {
    let lab: FilmLab
    let format = VideoFormat(
        width: 64, height: 48, pixelFormat: .yuv420p8, color: ColorInfo().resolved(height: 48).color,
        timeBase: Rational(1, 25), frameRate: Rational(25, 1))

    init() throws { lab = try FilmLab() }

    private func frame(_ index: Int) -> VideoFrame {
        let planes = (0..<3).map { plane in
            let size = format.pixelFormat.planeSize(plane, width: 64, height: 48)
            return VideoFrame.Plane(
                width: size.width, height: size.height, bytesPerRow: size.width,
                bytes: [UInt8](repeating: UInt8(index * 7 % 256), count: size.width * size.height))
        }
        return VideoFrame(
            width: 64, height: 48, pixelFormat: format.pixelFormat, color: format.color, planes: planes,
            pts: MediaTime(Int64(index), format.timeBase), duration: MediaTime(1, format.timeBase))
    }

    private func refusal(_ path: String, _ codec: VideoCodec = .h264, copying: StreamCopySource? = nil) throws
        -> MediaError
    {
        try mediaError {
            _ = try VideoWriter(path: path, format: format, encoding: .init(codec: codec), copying: copying)
        }
    }

    @Test("outputs that cannot be are refused before anything is made")
    func refusals() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.2 -c:v ffv1 in.mkv")
        let source = StreamCopySource(path: lab.path("in.mkv"), videoStreamIndex: 0)
        #expect(try refusal(lab.path("in.mkv"), copying: source).code == .sameFile)
        try FileManager.default.linkItem(atPath: lab.path("in.mkv"), toPath: lab.path("same.mkv"))
        #expect(try refusal(lab.path("same.mkv"), copying: source).code == .sameFile)
        #expect(try refusal(lab.path("in.mkv")).code == .exists)
        #expect(try refusal(lab.path("nowhere/out.mkv")).code == .notWritable)
        try FileManager.default.createDirectory(atPath: lab.path("dir.mkv"), withIntermediateDirectories: false)
        #expect(try refusal(lab.path("dir.mkv")).code == .isDirectory)
        #expect(try refusal(lab.folder + "/").code == .isDirectory)
        #expect(try refusal(lab.path("out.avi")).code == .unsupported)
        #expect(try refusal(lab.path("out")).code == .unsupported)
        #expect(try refusal(lab.path("out.mp4"), .ffv1).advice.contains("Matroska"))
        #expect(try refusal(lab.path("out.mp4"), .prores).code == .unsupported)
        #expect(throws: MediaError.self) {
            try VideoWriter.check(path: lab.path("o.mp4"), encoding: .init(quality: 52), inputs: [], overwrite: false)
        }
        #expect(throws: MediaError.self) {
            try VideoWriter.check(
                path: lab.path("o.mkv"), encoding: .init(codec: .ffv1, quality: 5), inputs: [], overwrite: false)
        }
        #expect(throws: Never.self) {
            try VideoWriter.check(path: lab.path("o.mkv"), encoding: .init(quality: 18), inputs: [], overwrite: false)
        }
        #expect(lab.hiddenFiles.isEmpty)
        #expect(try lab.read("in.mkv").1.count == 5)
    }

    @Test("an unknown preset is refused with the list of those that are")
    func preset() throws {
        let error = try mediaError {
            _ = try VideoWriter(
                path: lab.path("out.mp4"), format: format, encoding: .init(codec: .h264, preset: "warp"))
        }
        #expect(error.reason.contains("'warp'"))
        #expect(error.advice.contains("veryslow"))
        #expect(lab.hiddenFiles.isEmpty)
    }

    @Test("an unfinished film leaves nothing; the target of an overwrite stays until the end")
    func unfinished() throws {
        let path = lab.path("out.mkv")
        try Data("old".utf8).write(to: URL(fileURLWithPath: path))
        do {
            let writer = try VideoWriter(path: path, format: format, encoding: .init(codec: .ffv1), overwrite: true)
            for index in 0..<5 { try writer.write(frame(index)) }
            #expect(lab.hiddenFiles.count == 1)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))
        }
        #expect(lab.hiddenFiles.isEmpty)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))

        let writer = try VideoWriter(path: path, format: format, encoding: .init(codec: .ffv1), overwrite: true)
        for index in 0..<5 { try writer.write(frame(index)) }
        #expect(try writer.finish().isEmpty)
        #expect(lab.hiddenFiles.isEmpty)
        #expect(try lab.read("out.mkv").1.map { $0.planes[0].bytes[0] } == [0, 7, 14, 21, 28])
    }

    @Test("a cancelled film and a film without frames leave nothing")
    func cancelled() throws {
        let writer = try VideoWriter(path: lab.path("a.mp4"), format: format, encoding: .init())
        try writer.write(frame(0))
        writer.cancel()
        let empty = try VideoWriter(path: lab.path("b.mp4"), format: format, encoding: .init())
        #expect(try mediaError { _ = try empty.finish() }.reason.contains("no frame"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.folder).isEmpty)
    }

    @Test("a file that appears meanwhile is not overwritten")
    func appeared() throws {
        let writer = try VideoWriter(path: lab.path("a.mkv"), format: format, encoding: .init(codec: .ffv1))
        try writer.write(frame(0))
        try Data("mine".utf8).write(to: URL(fileURLWithPath: lab.path("a.mkv")))
        #expect(try mediaError { _ = try writer.finish() }.code == .exists)
        #expect(try Data(contentsOf: URL(fileURLWithPath: lab.path("a.mkv"))) == Data("mine".utf8))
        #expect(lab.hiddenFiles.isEmpty)
    }

    @Test("a full disk has its own code and leaves nothing", .enabled(if: FullDisk.isPossible))
    func fullDisk() throws {
        let disk = try FullDisk(mountPoint: lab.path("small"))
        defer { disk.unmount() }
        let error = try mediaError {
            let writer = try VideoWriter(
                path: lab.path("small/out.mkv"), format: format, encoding: .init(codec: .ffv1))
            var random = SystemRandomNumberGenerator()
            for index in 0..<2000 {
                let planes = frame(0).planes.map { plane in
                    VideoFrame.Plane(
                        width: plane.width, height: plane.height, bytesPerRow: plane.bytesPerRow,
                        bytes: plane.bytes.map { _ in UInt8.random(in: 0...255, using: &random) })
                }
                try writer.write(
                    VideoFrame(
                        width: 64, height: 48, pixelFormat: format.pixelFormat, color: format.color, planes: planes,
                        pts: MediaTime(Int64(index), format.timeBase), duration: MediaTime(1, format.timeBase)))
            }
            _ = try writer.finish()
        }
        #expect(error.code == .diskFull)
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.path("small")).isEmpty)
    }

    @Test("frames that do not fit trap with a sentence")
    func misuse() async {
        await #expect(processExitsWith: .failure) {
            let format = VideoFormat(
                width: 64, height: 48, pixelFormat: .yuv420p8, color: ColorInfo().resolved(height: 48).color,
                timeBase: Rational(1, 25))
            let path = NSTemporaryDirectory() + "/heirloom-misuse-\(UUID().uuidString).mkv"
            let writer = try VideoWriter(path: path, format: format, encoding: .init(codec: .ffv1))
            defer { writer.cancel() }
            let plane = VideoFrame.Plane(width: 2, height: 2, bytesPerRow: 2, bytes: [1, 2, 3, 4])
            try writer.write(
                VideoFrame(
                    width: 2, height: 2, pixelFormat: PixelFormat(.grey), color: format.color, planes: [plane],
                    pts: .zero, duration: .zero))
        }
    }
}

/// A disk of half a megabyte, where the system lets the test make one (root on Linux).
struct FullDisk {
    let mountPoint: String

    static var isPossible: Bool {
        #if os(Linux)
            let probe = NSTemporaryDirectory() + "/heirloom-disk-\(UUID().uuidString)"
            guard let disk = try? FullDisk(mountPoint: probe) else { return false }
            disk.unmount()
            return true
        #else
            return false
        #endif
    }

    init(mountPoint: String) throws {
        self.mountPoint = mountPoint
        try FileManager.default.createDirectory(atPath: mountPoint, withIntermediateDirectories: true)
        guard FullDisk.run("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", mountPoint]) else {
            try? FileManager.default.removeItem(atPath: mountPoint)
            throw FilmLab.ToolFailure(description: "no small disk can be made here")
        }
    }

    func unmount() {
        _ = FullDisk.run("umount", [mountPoint])
        try? FileManager.default.removeItem(atPath: mountPoint)
    }

    private static func run(_ tool: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
