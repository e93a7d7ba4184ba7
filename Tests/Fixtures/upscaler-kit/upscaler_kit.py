"""Writes a parity kit that needs no weight files: weights and inputs are made by the formulas of refnets.py.

usage: python upscaler_kit.py --seed 1 --height 24 --width 20 --out DIR
Needs torch, numpy, safetensors only.
"""
import argparse
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

import refnets as R


def stats(t):
    t = t.detach().double()
    f = t.flatten()
    idx = [0, 1, 2, f.numel() // 3, f.numel() // 2, f.numel() - 1]
    return {"shape": list(t.shape), "mean": f.mean().item(), "std": f.std(unbiased=False).item(), "min": f.min().item(), "max": f.max().item(),
            "probe_index": idx, "probe": [float(f[i]) for i in idx]}


def build(make, family, seed):
    net = make()
    net.load_state_dict(R.fill_state(seed, family, {k: tuple(v.shape) for k, v in net.state_dict().items()}), strict=True)
    return net.eval()


def tiled(net, img, scale, tile, pad, pre, mod):
    """pre-pad + mod-pad + hard-seam tiling, as the original program does it"""
    h0, w0 = img.shape[-2:]
    if pre:
        img = F.pad(img, (0, pre, 0, pre), mode="reflect")
    if mod > 1:
        img = F.pad(img, (0, -img.shape[-1] % mod, 0, -img.shape[-2] % mod), mode="reflect")
    h, w = img.shape[-2:]
    if tile <= 0:
        out = net(img)
    else:
        out = img.new_zeros(img.shape[0], img.shape[1], h * scale, w * scale)
        for y0 in range(0, h, tile):
            for x0 in range(0, w, tile):
                y1, x1 = min(y0 + tile, h), min(x0 + tile, w)
                ya, yb, xa, xb = max(y0 - pad, 0), min(y1 + pad, h), max(x0 - pad, 0), min(x1 + pad, w)
                o = net(img[:, :, ya:yb, xa:xb])
                out[:, :, y0 * scale:y1 * scale, x0 * scale:x1 * scale] = \
                    o[:, :, (y0 - ya) * scale:(y1 - ya) * scale, (x0 - xa) * scale:(x1 - xa) * scale]
    return out[:, :, :h0 * scale, :w0 * scale]


def grey_of(rgb):
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]


def enhance(net, img, scale=4, tile=0, pad=10, pre=0):
    """img: integer HxW, HxWx3 (RGB) or HxWx4 (RGBA).  Returns the same layout and integer type."""
    top = 65535 if img.max() > 256 else 255
    x = torch.from_numpy(img.astype(np.float32) / top)

    def net3(t):
        return tiled(net, t[None], scale, tile, pad, pre, {1: 4, 2: 2}.get(scale, 1))[0].clamp(0, 1)

    if x.dim() == 2:
        y = grey_of(net3(x[None].expand(3, -1, -1)))[..., None]
    else:
        y = net3(x[..., :3].permute(2, 0, 1)).permute(1, 2, 0)
        if x.shape[2] == 4:
            y = torch.cat([y, grey_of(net3(x[None, ..., 3].expand(3, -1, -1)))[..., None]], 2)
    y = np.rint(y.numpy() * np.float32(top)).astype(np.uint16 if top == 65535 else np.uint8)
    return y[..., 0] if img.ndim == 2 else y


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, required=True)
    ap.add_argument("--height", type=int, default=24)
    ap.add_argument("--width", type=int, default=20)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    S, H, W = a.seed, a.height, a.width
    os.makedirs(a.out, exist_ok=True)
    torch.set_num_threads(2)
    J = {"seed": S, "gain": R.GAIN, "cases": {}, "hash_examples": {}}
    files = {}

    def add(fname, case, x, **outs):
        J["cases"][case] = {"file": fname, "input": stats(x), "outputs": {k: stats(v) for k, v in outs.items()}}
        for k, v in outs.items():
            files.setdefault(fname, {})[f"{case}.{k}"] = v.detach().contiguous()

    for key in ("conv_first.weight", "body.0.rdb1.conv1.bias", "input:rrdb_x4_b2"):
        J["hash_examples"][key] = {"fnv1a64_of": f"{S}:{key}", "fnv1a64_hex": f"{R.fnv1a64(f'{S}:{key}'):016x}", "u_first4": R.uniform24(S, key, 4).tolist()}

    with torch.no_grad():
        # --- generators
        for case, fname, sc, nb in (("rrdb_x4_b2", "rrdb", 4, 2), ("rrdb_x2_b2", "rrdb", 2, 2), ("rrdb_x1_b2", "rrdb", 1, 2), ("rrdb_x4_b23", "rrdb23", 4, 23)):
            net = build(lambda: R.RrdbNet(sc, nb=nb), "rrdb", S)
            x = R.kit_input(S, case, (1, 3, H, W))
            tr = {}
            y = net(x, tr)
            add(f"upscaler_{fname}.safetensors", case, x, y=y)
            J["cases"][case]["trace"] = {k: stats(v) for k, v in tr.items() if k in ("conv_first", "body.0", "body.1", "body.11", "body.22", "trunk", "conv_up2")}
            torch.backends.mkldnn.enabled = False
            J["cases"][case]["backend_spread_max_abs"] = (net(x) - y).abs().max().item()
            torch.backends.mkldnn.enabled = True
        for case, nc, sc in (("srvgg_c16_x4", 16, 4), ("srvgg_c32_x4", 32, 4), ("srvgg_c16_x2", 16, 2)):
            net = build(lambda: R.Compact(nc, scale=sc), "srvgg", S)
            x = R.kit_input(S, case, (1, 3, H, W))
            y = net(x)
            add("upscaler_srvgg.safetensors", case, x, y=y)
            torch.backends.mkldnn.enabled = False
            J["cases"][case]["backend_spread_max_abs"] = (net(x) - y).abs().max().item()
            torch.backends.mkldnn.enabled = True
        # --- discriminator
        net = build(lambda: R.UNetDisc(), "disc", S)
        x = R.kit_input(S, "unet_disc", (1, 3, 32, 40))
        sig = {f"conv{i}": float(torch.dot(getattr(net, f"conv{i}").weight_u, getattr(net, f"conv{i}").weight_orig.flatten(1) @ getattr(net, f"conv{i}").weight_v)) for i in range(1, 9)}
        ye = net(x)
        net.train()
        y1 = net(x)
        y2 = net(x)
        add("upscaler_disc_lite.safetensors", "unet_disc", x, eval=ye, train_1st=y1, train_2nd=y2)
        J["cases"]["unet_disc"]["sigma_initial"] = sig
        # --- EfficientNet-Lite0
        net = build(lambda: R.Lite(0), "lite", S)
        for case, hw in (("lite0_64x96", (64, 96)), ("lite0_odd", (61, 75))):
            x = R.kit_input(S, case, (1, 3) + hw)
            f, lg = net(x)
            outs = {f"s{2 << i}": t for i, t in enumerate(f)}
            if case == "lite0_odd":
                outs = {k: outs[k] for k in ("s8", "s16", "s32")}
            add("upscaler_disc_lite.safetensors", case, x, logits=lg, **outs)
        # --- VGG19 perceptual distances
        sd = R.fill_state(S, "vgg", R.vgg_shapes())
        xa, xb = R.kit_input(S, "vgg_a", (1, 3, 48, 40)), R.kit_input(S, "vgg_b", (1, 3, 48, 40))
        fa, fb = R.vgg_features(sd, xa), R.vgg_features(sd, xb)
        per = {n: (fa[n] - fb[n]).abs().mean().item() for n, _ in R.VGG_TAP.values()}
        J["cases"]["vgg19_perceptual"] = {"per_layer_l1": per, "weighted_sum": sum(per[n] * w for n, w in R.VGG_TAP.values()), "features_a": {k: stats(v) for k, v in fa.items()}}
        # --- degradation primitives
        D = {}
        ks = {"gauss_iso_21_s1.3": R.blur_kernel("gauss", 21, 1.3), "gauss_aniso_15_s2.4_0.7_t0.6": R.blur_kernel("gauss", 15, 2.4, 0.7, 0.6),
              "generalized_13_s1.8_1.1_t-0.4_b0.7": R.blur_kernel("generalized", 13, 1.8, 1.1, -0.4, 0.7),
              "plateau_21_s2.0_b1.6": R.blur_kernel("plateau", 21, 2.0, None, 0.0, 1.6), "sinc_11_w1.9": R.sinc_kernel(11, 1.9), "sinc_17_w0.9_pad21": R.sinc_kernel(17, 0.9, 21)}
        for k, v in ks.items():
            D["kernel." + k] = torch.from_numpy(v.astype(np.float32))
        x = R.kit_input(S, "degrade", (2, 3, 60, 52))
        x[0] = F.avg_pool2d(F.pad(x[:1], (2, 2, 2, 2), mode="reflect"), 5, 1)[0]            # a smooth and a noisy sample
        D["filter2d"] = R.filter2d(x, torch.stack([D["kernel.gauss_iso_21_s1.3"], D["kernel.sinc_17_w0.9_pad21"]]))[:, :, ::2, ::2].contiguous()
        D["usm"] = R.usm(x)[:, :, ::2, ::2].contiguous()
        for q in (30, 49.5, 75):
            D[f"jpeg_q{q}"] = R.soft_jpeg(x[:, :, :37, :45], q)[1:, :, ::2, ::2].contiguous()
        for m in ("area", "bilinear", "bicubic"):
            kw = {} if m == "area" else {"align_corners": False}
            D[f"resize_{m}_sf0.37"] = F.interpolate(x[:1], scale_factor=0.37, mode=m, **kw)
            D[f"resize_{m}_sf1.3"] = F.interpolate(x[:1, :, :20, :20], scale_factor=1.3, mode=m, **kw)
        files["upscaler_degrade.safetensors"] = {k: v.contiguous() for k, v in D.items()}
        J["cases"]["degrade"] = {"file": "upscaler_degrade.safetensors", "input": stats(x), "outputs": {k: stats(v) for k, v in D.items()}}
        # --- tiling and the 8/16-bit pipeline
        net = build(lambda: R.Compact(16), "srvgg", S)
        x = R.kit_input(S, "tile", (1, 3, 33, 27))
        y = tiled(net, x, 4, 12, 3, 2, 1)
        add("upscaler_tile.safetensors", "tile12_pad3_pre2", x, y=y)
        J["cases"]["tile12_pad3_pre2"]["max_abs_vs_untiled"] = (y - tiled(net, x, 4, 0, 0, 0, 1)).abs().max().item()
        net2 = build(lambda: R.RrdbNet(2, nb=2), "rrdb", S)
        x2 = R.kit_input(S, "tile_x2", (1, 3, 23, 19))
        add("upscaler_tile.safetensors", "tile_x2_odd_pre3", x2, y=tiled(net2, x2, 2, 12, 4, 3, 2))
        P = {}
        q8 = R.kit_input(S, "pipe", (4, 14, 11)).permute(1, 2, 0).numpy()
        img8 = np.rint(q8 * 255).astype(np.uint8)
        for nm, im in (("rgb8", img8[..., :3]), ("rgba8", img8), ("grey8", img8[..., 1]), ("rgb16", np.rint(q8[..., :3] * 65535).astype(np.uint16))):
            out = enhance(net, im, 4, 0, 10, 0)
            P[f"{nm}.in"], P[f"{nm}.out"] = torch.from_numpy(np.ascontiguousarray(im, np.int32)), torch.from_numpy(np.ascontiguousarray(out, np.int32))
            J["cases"][f"pipe_{nm}"] = {"file": "upscaler_pipe.safetensors", "out_dtype": str(out.dtype), "out": stats(P[f"{nm}.out"].float())}
        files["upscaler_pipe.safetensors"] = P
    # --- one training step, all losses (no optimiser update)
    g, d = build(lambda: R.RrdbNet(4, nb=2), "rrdb", S).train(), build(lambda: R.UNetDisc(), "disc", S).train()
    lq, gt = R.kit_input(S, "train_lq", (1, 3, 16, 16)), R.kit_input(S, "train_gt", (1, 3, 64, 64))
    gt_s = R.usm(gt)
    out = g(lq)
    lp = F.l1_loss(out, gt_s)
    fo, fg = R.vgg_features(sd, out), R.vgg_features(sd, gt_s)
    lv = sum(w * F.l1_loss(fo[n], fg[n].detach()) for n, w in R.VGG_TAP.values())
    for p in d.parameters():
        p.requires_grad_(False)
    lg = 0.1 * F.softplus(-d(out)).mean()
    (lp + lv + lg).backward()
    for p in d.parameters():
        p.requires_grad_(True)
    lr_ = F.softplus(-d(gt)).mean()
    lr_.backward()
    lf = F.softplus(d(out.detach())).mean()
    lf.backward()
    gn = lambda m, ks: {k: dict(m.named_parameters())[k].grad.double().norm().item() for k in ks}
    J["cases"]["train_step"] = {"l_pix": lp.item(), "l_percep": lv.item(), "l_g_gan": lg.item(), "l_d_real": lr_.item(), "l_d_fake": lf.item(), "usm_gt": stats(gt_s),
                                "grad_norm_g": gn(g, ["conv_first.weight", "body.0.rdb1.conv1.weight", "body.1.rdb3.conv5.weight", "conv_up1.weight", "conv_last.weight", "conv_last.bias"]),
                                "grad_norm_d": gn(d, ["conv0.weight", "conv1.weight_orig", "conv4.weight_orig", "conv8.weight_orig", "conv9.bias"])}
    for fn, t in files.items():
        save_file(t, os.path.join(a.out, fn))
        print(fn, os.path.getsize(os.path.join(a.out, fn)))
    with open(os.path.join(a.out, "upscaler_kit.json"), "w") as f:
        json.dump(J, f, indent=1)


if __name__ == "__main__":
    main()
