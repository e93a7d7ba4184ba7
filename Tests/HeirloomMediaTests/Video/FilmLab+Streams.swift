import Foundation

extension FilmLab {
    /// Writes "words.srt", two subtitles, and "chapters.txt", two chapters and some metadata.
    func writeTexts() throws {
        try Data(
            """
            1
            00:00:00,500 --> 00:00:01,500
            Hello

            2
            00:00:02,000 --> 00:00:05,500
            World

            """.utf8
        ).write(to: URL(fileURLWithPath: path("words.srt")))
        try Data(
            """
            ;FFMETADATA1
            title=A film
            artist=Somebody
            odd_key=odd value
            [CHAPTER]
            TIMEBASE=1/1000
            START=0
            END=2000
            title=One
            [CHAPTER]
            TIMEBASE=1/1000
            START=2000
            END=6000
            title=Two

            """.utf8
        ).write(to: URL(fileURLWithPath: path("chapters.txt")))
    }

    /// A Matroska film with two sounds, subtitles, two chapters, an attachment and a cover.
    func makeRich() throws {
        try writeTexts()
        try ffmpeg("-f lavfi -i color=red:s=64x64 -frames:v 1 cover.jpg")
        try ffmpeg(
            "-f lavfi -i mandelbrot=size=128x96:rate=25 -f lavfi -i sine=d=6 -f lavfi -i sine=f=880:d=6 -i words.srt"
                + " -i chapters.txt -t 6 -map 0 -map 1 -map 2 -map 3 -map_metadata 4 -map_chapters 4 -c:v mpeg2video"
                + " -c:a:0 aac -c:a:1 flac -c:s srt -metadata:s:a:0 language=fra -metadata:s:a:1 language=deu"
                + " -metadata:s:a:1 title=Kommentar -disposition:a:1 comment -disposition:s:0 forced"
                + " -attach words.srt -metadata:s:4 mimetype=text/plain -metadata:s:4 filename=words.srt"
                + " -attach cover.jpg -metadata:s:5 mimetype=image/jpeg -metadata:s:5 filename=cover.jpg rich.mkv")
    }
}
