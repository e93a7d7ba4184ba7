// What Swift cannot call in FFmpeg's headers: macros with casts, and fields whose home moved between versions 5.1
// and 8. Nothing else: no policy, no state, no allocation that the caller does not see. Borrowed pointers stay the
// caller's; what a function allocates, it hands out and names the release function.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

// Macros that expand to casts or to other function-like macros are not imported.
static inline int64_t heirloom_nopts(void) { return AV_NOPTS_VALUE; }
static inline int heirloom_averror(int posix) { return AVERROR(posix); }
static inline int heirloom_averror_eof(void) { return AVERROR_EOF; }
static inline int heirloom_averror_invaliddata(void) { return AVERROR_INVALIDDATA; }
static inline int heirloom_averror_patchwelcome(void) { return AVERROR_PATCHWELCOME; }

// Frame facts that FFmpeg 6.1 moved into flags (the old fields are gone in 8).
static inline int heirloom_frame_is_key(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_KEY
    return (frame->flags & AV_FRAME_FLAG_KEY) != 0;
#else
    return frame->key_frame;
#endif
}
static inline int heirloom_frame_is_interlaced(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
    return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame->interlaced_frame;
#endif
}
static inline int heirloom_frame_is_top_field_first(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
    return (frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
    return frame->top_field_first;
#endif
}
static inline int64_t heirloom_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}
static inline void heirloom_frame_set_duration(AVFrame *frame, int64_t duration) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    frame->duration = duration;
#else
    frame->pkt_duration = duration;
#endif
}
static inline int heirloom_frame_is_corrupt(const AVFrame *frame) {
    return (frame->flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame->decode_error_flags != 0;
}

// Before FFmpeg 6, a buffer callback was called on the user's thread, one frame after the other, unless it was declared
// fit for any thread.
static inline void heirloom_codec_allow_threaded_callbacks(AVCodecContext *context) {
#if LIBAVCODEC_VERSION_MAJOR < 60
    context->thread_safe_callbacks = 1;
#endif
}

// Stream side data moved from the stream to its codec parameters in FFmpeg 6.1.
#define HEIRLOOM_CODED_SIDE_DATA (LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102))
static inline const uint8_t *heirloom_stream_side_data(
    const AVStream *stream, enum AVPacketSideDataType type, size_t *size) {
    *size = 0;
#if HEIRLOOM_CODED_SIDE_DATA
    const AVPacketSideData *found = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, type);
    if (!found) return NULL;
    *size = found->size;
    return found->data;
#else
    return av_stream_get_side_data(stream, type, size);
#endif
}
// A new, owned block of side data on an output stream; null when out of memory.
static inline uint8_t *heirloom_stream_new_side_data(AVStream *stream, enum AVPacketSideDataType type, size_t size) {
#if HEIRLOOM_CODED_SIDE_DATA
    AVPacketSideData *made = av_packet_side_data_new(
        &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, type, size, 0);
    return made ? made->data : NULL;
#else
    return av_stream_new_side_data(stream, type, size);
#endif
}
// Copies all side data of a stream. In FFmpeg 6.1 and later avcodec_parameters_copy has done it already.
static inline int heirloom_stream_copy_side_data(AVStream *to, const AVStream *from) {
#if !HEIRLOOM_CODED_SIDE_DATA
    for (int i = 0; i < from->nb_side_data; i++) {
        const AVPacketSideData *item = &from->side_data[i];
        uint8_t *data = av_stream_new_side_data(to, item->type, item->size);
        if (!data) return AVERROR(ENOMEM);
        memcpy(data, item->data, item->size);
    }
#endif
    return 0;
}

// SwsContext is opaque to Swift before FFmpeg 8 and a structure since, which are two different types there.
static inline void *heirloom_scaler_alloc(void) { return sws_alloc_context(); }
static inline int heirloom_scaler_init(void *scaler) {
    return sws_init_context((struct SwsContext *)scaler, NULL, NULL);
}
// One table for both sides, neutral brightness, contrast and saturation. Two YUV formats of one kind need no table
// and make libswscale answer -1; nothing is lost then.
static inline void heirloom_scaler_set_matrix(void *scaler, int colorspace, int source_full, int target_full) {
    const int *table = sws_getCoefficients(colorspace);
    sws_setColorspaceDetails(
        (struct SwsContext *)scaler, table, source_full, table, target_full, 0, 1 << 16, 1 << 16);
}
static inline int heirloom_scaler_run(void *scaler, AVFrame *to, const AVFrame *from) {
    return sws_scale_frame((struct SwsContext *)scaler, to, from);
}
static inline void heirloom_scaler_free(void *scaler) { sws_freeContext((struct SwsContext *)scaler); }

// AVFormatContext.chapters is an array of single allocations that avformat_free_context releases; the function that
// appends to it is private to libavformat.
static inline AVChapter *heirloom_add_chapter(AVFormatContext *context) {
    AVChapter **grown = (AVChapter **)av_realloc_array(
        context->chapters, context->nb_chapters + 1, sizeof(*grown));
    if (!grown) return NULL;
    context->chapters = grown;
    AVChapter *chapter = (AVChapter *)av_mallocz(sizeof(*chapter));
    if (chapter) context->chapters[context->nb_chapters++] = chapter;
    return chapter;
}

// AVInputFormat and AVOutputFormat hide behind const pointers whose tables Swift sees as opaque on some versions.
static inline int heirloom_tag_belongs(const AVOutputFormat *format, enum AVCodecID id, unsigned int tag) {
    return !format->codec_tag || av_codec_get_id(format->codec_tag, tag) == id;
}
