"""Reference figures for the tests of experiments, by scipy, statsmodels and numpy: python3 experiments_reference.py > experiments_reference.json

Debian 12's python3-scipy 1.10.1, python3-statsmodels 0.13.5, python3-numpy 1.24.2. Nothing of the product uses them.
"""
import hashlib
import json

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats import proportion as prop
from statsmodels.stats.power import NormalIndPower

rng = np.random.default_rng(20)


def arm(people, rate, lift):
    before = np.where(rng.random(people) < 0.7, np.round(rng.gamma(1.5, 40, people), 2), 0.0)
    orders = rng.poisson(rate, people)
    revenue = np.round(orders * (12 + 0.25 * before + rng.gamma(2, 10 + lift, people)), 2)
    return before, orders, revenue


data = {"treated": arm(160, 0.9, 4), "holdout": arm(110, 0.6, 0)}
out = {"data": {name: {"before": list(b), "orders": [int(x) for x in o], "revenue": list(r)} for name, (b, o, r) in data.items()}}
(bt, ot, rt), (bh, oh, rh) = data["treated"], data["holdout"]
level = 0.9

weights = sm.stats.CompareMeans(sm.stats.DescrStatsW(rt), sm.stats.DescrStatsW(rh))
low, high = weights.tconfint_diff(alpha=1 - level, usevar="unequal")
t, p, df = weights.ttest_ind(usevar="unequal")
out["welch"] = {"value": rt.mean() - rh.mean(), "low": low, "high": high, "p": p, "freedom": df}
low, high = sm.stats.DescrStatsW(rt).tconfint_mean(alpha=1 - level)
out["mean"] = {"value": rt.mean(), "low": low, "high": high}

# Fieller by the quadratic that its paper solves, and by the grid of ratios that Welch-type z does not reject.
z = stats.norm.ppf(0.95)
vt, vh = rt.var(ddof=1) / len(rt), rh.var(ddof=1) / len(rh)
roots = np.roots([rh.mean() ** 2 - z * z * vh, -2 * rt.mean() * rh.mean(), rt.mean() ** 2 - z * z * vt])
grid = np.linspace(0.2, 8, 780001)
kept = grid[np.abs(rt.mean() - grid * rh.mean()) / np.sqrt(vt + grid ** 2 * vh) <= z]
assert abs(kept.min() - roots.min()) < 2e-5 and abs(kept.max() - roots.max()) < 2e-5
out["fieller"] = {"value": rt.mean() / rh.mean() - 1, "low": roots.min() - 1, "high": roots.max() - 1}
se = np.sqrt(vt / rh.mean() ** 2 + vh * rt.mean() ** 2 / rh.mean() ** 4)
out["delta"] = {"value": rt.mean() / rh.mean() - 1, "low": rt.mean() / rh.mean() - 1 - z * se, "high": rt.mean() / rh.mean() - 1 + z * se}

for name, (a, n, b, m) in {"shares": (190, 2000, 150, 2100), "rareShares": (3, 400, 0, 380)}.items():
    low, high = prop.confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff", alpha=1 - level)
    zstat, p = prop.proportions_ztest([a, b], [n, m])
    out[name] = {"counts": [a, n, b, m], "value": a / n - b / m, "low": low, "high": high, "p": p}
low, high = prop.proportion_confint(190, 2000, alpha=1 - level, method="wilson")
out["wilson"] = {"value": 0.095, "low": low, "high": high}

# Revenue per order with people as clusters: the same as the delta method up to n / (n - 1), checked by least squares of revenue on orders with a weight of 1 / orders.
def ratio(x, y):
    r = y.sum() / x.sum()
    return r, np.var(y - r * x, ddof=1) / len(x) / x.mean() ** 2


(a, va), (b, vb) = ratio(ot.astype(float), rt), ratio(oh.astype(float), rh)
out["ratio"] = {"value": a - b, "low": a - b - z * np.sqrt(va + vb), "high": a - b + z * np.sqrt(va + vb), "first": a, "firstError": np.sqrt(va)}

# CUPED: theta by least squares within arms (a regression with an indicator for the arm), then Welch of what is left.
y = np.concatenate([rt, rh])
design = np.column_stack([np.ones(len(y)), np.r_[np.ones(len(rt)), np.zeros(len(rh))], np.r_[bt, bh]])
theta = sm.OLS(y, design).fit().params[2]
adjusted = sm.stats.CompareMeans(sm.stats.DescrStatsW(rt - theta * bt), sm.stats.DescrStatsW(rh - theta * bh))
low, high = adjusted.tconfint_diff(alpha=1 - level, usevar="unequal")
out["cuped"] = {"theta": theta, "value": (rt - theta * bt).mean() - (rh - theta * bh).mean(), "low": low, "high": high}
spent = np.concatenate([rt, rh])
out["winsor"] = {"percentile": 0.97, "limit": np.quantile(spent[spent > 0], 0.97)}

statistic, p = stats.chisquare([5200, 4800, 5050], np.array([1, 1, 1]) / 3 * 15050)
out["srm"] = {"counts": [5200, 4800, 5050], "statistic": statistic, "p": p}
statistic, p = stats.chisquare([8214, 1980], np.array([0.8, 0.2]) * 10194)
out["srmUneven"] = {"counts": [8214, 1980], "statistic": statistic, "p": p}

power = NormalIndPower()
out["power"] = []
for rate in (0.02, 0.1):
    for lift in (0.05, 0.2):
        other = rate * (1 + lift)
        for share in (0.5, 0.8):
            held = prop.samplesize_proportions_2indep_onetail(other - rate, rate, 0.8, ratio=(1 - share) / share, alpha=0.1)
            out["power"].append({"rate": rate, "lift": lift, "treatedShare": share, "treated": held})
out["powerMeans"] = []
for difference, sd, share in ((1.5, 30, 0.5), (0.4, 12, 0.9)):
    treated = power.solve_power(difference / sd, alpha=0.1, power=0.8, ratio=(1 - share) / share)
    out["powerMeans"].append({"difference": difference, "sd": sd, "treatedShare": share, "treated": treated})
out["assignment"] = [{"salt": salt, "unit": unit, "hash": str(int.from_bytes(hashlib.sha256(f"{salt}:{unit}".encode()).digest()[:8], "big"))}
                     for salt in ("spring-2026", "总控") for unit in ("c1", "shopper 42", "顾客-7", "", "x" * 700)]

# The always-valid interval by its formula and, independently, by finding where the normal mixture's likelihood ratio reaches 1 / alpha.
from scipy.optimize import brentq


def mixture(value, error, n, planned, alpha=0.1):
    log = -2 * np.log(alpha)
    rho2 = (log + np.log(log + 1)) / planned
    sigma2 = error ** 2 * n  # of one person's part

    def ratio_less(mu):
        # log of integral over N(0, sigma2 rho2) of exp(theta S - theta^2 n sigma2 / 2) with S = n (value - mu), effects in units of sigma2
        total = n * (value - mu) / np.sqrt(sigma2)
        return total ** 2 * rho2 / (2 * (n * rho2 + 1)) - 0.5 * np.log(n * rho2 + 1) - np.log(1 / alpha)

    wide = 50 * error
    return brentq(ratio_less, value, value + wide), brentq(ratio_less, value - wide, value)


out["alwaysValid"] = []
for value, error, n, planned in ((0.4, 0.1, 4000, 5000), (0.4, 0.3, 300, 5000), (-1.0, 0.2, 90000, 20000)):
    high, low = mixture(value, error, n, planned)
    out["alwaysValid"].append({"value": value, "error": error, "people": n, "planned": planned, "low": low, "high": high})

# Qini by its definition, from a loop over every depth, people of equal score taken together.
scores = np.round(rng.random(300), 2)
arm_of = (rng.random(300) < 0.6).astype(int)
bought = (rng.random(300) < 0.2 + 0.4 * arm_of * scores).astype(int)
xs, gains = [0.0], [0.0]
for depth in sorted(set(scores), reverse=True):
    top = scores >= depth
    t, h = arm_of[top] == 1, arm_of[top] == 0
    gain = bought[top][t].sum() - (bought[top][h].sum() * t.sum() / h.sum() if h.sum() else 0)
    xs.append(top.mean())
    gains.append(gain / arm_of.sum())
out["qini"] = {"scores": list(scores), "treated": [int(a) for a in arm_of], "y": [int(b) for b in bought],
               "coefficient": np.trapz(gains, xs) - gains[-1] / 2, "all": gains[-1]}
print(json.dumps(out, indent=1, ensure_ascii=False))
