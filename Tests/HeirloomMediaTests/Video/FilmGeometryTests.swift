import Foundation
import HeirloomMedia
import Testing

@Suite("Turned, mirrored and interlaced films")
struct FilmGeometryTests {
    let lab: FilmLab

    init() throws { lab = try FilmLab() }

    /// The eight display matrices of right angles: a point (x, y) goes to (a·x + c·y, b·x + d·y).
    static let matrices: [(a: Int, b: Int, c: Int, d: Int)] = [
        (1, 0, 0, 1), (-1, 0, 0, 1), (1, 0, 0, -1), (-1, 0, 0, -1), (0, 1, -1, 0), (0, -1, 1, 0), (0, 1, 1, 0),
        (0, -1, -1, 0),
    ]

    @Test("frames are upright and luma is moved, not computed", arguments: 0..<8)
    func orientation(number: Int) throws {
        let matrix = FilmGeometryTests.matrices[number]
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=48x32:rate=25:duration=0.2 -vf setsar=4/3 -c:v libx264 -pix_fmt yuv420p"
                + " flat.mp4")
        let (_, flat) = try lab.read("flat.mp4")
        try lab.setMatrix(matrix)
        let (reader, frames) = try lab.read("turned.mp4")
        let swaps = matrix.a == 0
        #expect(reader.format.width == (swaps ? 32 : 48))
        #expect(reader.format.height == (swaps ? 48 : 32))
        #expect(reader.format.sampleAspectRatio == (swaps ? Rational(3, 4) : Rational(4, 3)))
        #expect(frames.count == flat.count)
        for (source, turned) in zip(flat, frames) {
            for plane in 0..<3 {
                let isMoved = turned.planes[plane].bytes == move(source.planes[plane], matrix)
                #expect(isMoved)
            }
            #expect(turned.pts == source.pts)
        }
        // Written upright, the file asks for no turning.
        _ = try lab.pass("turned.mp4", "out.mov")
        let film = try #require(try MediaSummary(path: lab.path("out.mov")).film?.picture)
        #expect(film.orientation == "left as it is")
        #expect(film.width == reader.format.width)
    }

    @Test("a turn of 90° of 4:2:2 keeps luma and gives 4:4:4")
    func turned422() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=48x32:rate=25:duration=0.1 -c:v libx264 -pix_fmt yuv422p flat.mp4")
        let (_, flat) = try lab.read("flat.mp4")
        let matrix = FilmGeometryTests.matrices[4]
        try lab.setMatrix(matrix)
        let (reader, frames) = try lab.read("turned.mp4")
        #expect(reader.format.pixelFormat == PixelFormat(.s444))
        let isMoved = frames[0].planes[0].bytes == move(flat[0].planes[0], matrix)
        #expect(isMoved)
    }

    @Test(
        "interlaced film is found with and without its flag, and every frame comes out once", arguments: [true, false])
    func interlaced(isFlagged: Bool) throws {
        let flag = isFlagged ? "" : ",setfield=prog"
        let coding = isFlagged ? "-flags +ilme+ildct -c:v mpeg2video -q:v 2 in.mpg" : "-c:v libx264 -qp 10 in.mp4"
        try lab.ffmpeg(
            "-f lavfi -i mandelbrot=size=320x240:rate=50 -t 1.6 -vf tinterlace=mode=interleave_top\(flag) -pix_fmt yuv420p \(coding)"
        )
        let name = isFlagged ? "in.mpg" : "in.mp4"
        let (reader, frames) = try lab.read(name)
        #expect(reader.isDeinterlaced)
        #expect(reader.notes.contains { $0.contains("bwdif") })
        #expect(frames.map(\.pts) == (try lab.times(name).map(\.pts)))
        let error = try mediaError {
            var options = VideoReaderOptions()
            options.fields = .keep
            _ = try VideoReader(path: lab.path(name), options: options)
        }
        #expect(error.code == .unsupported)
        #expect(error.reason.contains("interlaced"))
    }

    @Test("progressive film is left alone, also when its flag lies")
    func progressive() throws {
        try lab.ffmpeg(
            "-f lavfi -i mandelbrot=size=320x240:rate=25:end_pts=60 -t 1.2 -c:v mpeg2video -q:v 2 -flags"
                + " +ilme+ildct -top 1 -vf setfield=tff in.mpg")
        let (reader, _) = try lab.read("in.mpg")
        #expect(!reader.isDeinterlaced)
        try lab.ffmpeg(
            "-f lavfi -i mandelbrot=size=320x240:rate=25:end_pts=60 -t 1.2 -c:v libx264 -pix_fmt yuv420p plain.mp4")
        #expect(try !lab.read("plain.mp4").0.isDeinterlaced)
    }

    @Test("a film said to be progressive passes bit-exact though it is interlaced")
    func forced() throws {
        try lab.ffmpeg(
            "-f lavfi -i mandelbrot=size=320x240:rate=50 -t 1 -vf tinterlace=mode=interleave_top -pix_fmt yuv420p"
                + " -c:v ffv1 in.mkv")
        var options = VideoReaderOptions()
        options.fields = .progressive
        _ = try lab.pass("in.mkv", "out.mkv", options: options)
        #expect(try lab.checksums("out.mkv") == lab.checksums("in.mkv"))
        options.fields = .deinterlace
        #expect(try lab.read("in.mkv", options).0.isDeinterlaced)
    }

    /// The definition of the matrix, sample by sample, shifted back into the picture.
    private func move(_ plane: VideoFrame.Plane, _ matrix: (a: Int, b: Int, c: Int, d: Int)) -> [UInt8] {
        let width = matrix.a == 0 ? plane.height : plane.width
        let height = matrix.a == 0 ? plane.width : plane.height
        var result = [UInt8](repeating: 0, count: width * height)
        for y in 0..<plane.height {
            for x in 0..<plane.width {
                var toX = matrix.a * x + matrix.c * y
                var toY = matrix.b * x + matrix.d * y
                if matrix.a + matrix.c < 0 { toX += width - 1 }
                if matrix.b + matrix.d < 0 { toY += height - 1 }
                result[toY * width + toX] = plane.bytes[y * plane.bytesPerRow + x]
            }
        }
        return result
    }
}
