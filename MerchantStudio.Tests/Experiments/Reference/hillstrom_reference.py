"""The Hillstrom e-mail experiment by scipy, statsmodels and XGBoost: python3 hillstrom_reference.py hillstrom.csv.gz > hillstrom_reference.json

Debian 12's python3-pandas, python3-scipy, python3-statsmodels and python3-xgboost 1.7.4. The peer is a T-learner on the same half of the people: record i (from 0) tests when the first 64 bits of
SHA-256 of "hillstrom:i" lie below a half. Both sides have the same columns and trees of the same size.
"""
import hashlib
import json
import sys

import numpy as np
import pandas as pd
import xgboost as xgb
from scipy import stats
from statsmodels.stats import proportion as prop
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

table = pd.read_csv(sys.argv[1])
level, out = 0.9, {"arms": [], "against": []}
none = table[table.segment == "No E-Mail"]
for name, arm in table.groupby("segment"):
    out["arms"].append({"arm": name, "people": len(arm), "visit": arm.visit.mean(), "conversion": arm.conversion.mean(), "spend": arm.spend.mean()})
    if name == "No E-Mail":
        continue
    pair = {"arm": name}
    for outcome in ("visit", "conversion"):
        low, high = prop.confint_proportions_2indep(arm[outcome].sum(), len(arm), none[outcome].sum(), len(none), method="newcomb", compare="diff", alpha=1 - level)
        _, p = prop.proportions_ztest([arm[outcome].sum(), none[outcome].sum()], [len(arm), len(none)])
        pair[outcome] = {"value": arm[outcome].mean() - none[outcome].mean(), "low": low, "high": high, "p": p}
    both = CompareMeans(DescrStatsW(arm.spend), DescrStatsW(none.spend))
    low, high = both.tconfint_diff(alpha=1 - level, usevar="unequal")
    pair["spend"] = {"value": arm.spend.mean() - none.spend.mean(), "low": low, "high": high, "p": both.ttest_ind(usevar="unequal")[1]}
    out["against"].append(pair)
statistic, p = stats.chisquare(table.segment.value_counts()[["Mens E-Mail", "Womens E-Mail", "No E-Mail"]])
out["srm"] = {"statistic": statistic, "p": p}


def qini(scores, treated, y):
    order = np.argsort(-scores, kind="stable")
    scores, treated, y = scores[order], treated[order], y[order]
    ends = np.r_[np.flatnonzero(np.diff(scores) != 0), len(scores) - 1]
    t, h = np.cumsum(treated)[ends], np.cumsum(1 - treated)[ends]
    gain = (np.cumsum(y * treated)[ends] - np.divide(np.cumsum(y * (1 - treated))[ends] * t, h, out=np.zeros(len(ends)), where=h > 0)) / treated.sum()
    x, gain = np.r_[0, (ends + 1) / len(scores)], np.r_[0, gain]
    return np.trapz(gain, x) - gain[-1] / 2


slots = np.array([int.from_bytes(hashlib.sha256(f"hillstrom:{i}".encode()).digest()[:8], "big") / 2 ** 64 for i in range(len(table))])
features = table[["recency", "history", "mens", "womens", "newbie"]].astype(float)
for column in ("zip_code", "channel"):
    features = pd.concat([features, pd.get_dummies(table[column], prefix=column).astype(float)], axis=1)
settings = {"objective": "binary:logistic", "eta": 0.05, "max_depth": 4, "max_leaves": 8, "grow_policy": "lossguide", "tree_method": "hist", "subsample": 0.8,
            "colsample_bytree": 0.8, "lambda": 1, "seed": 1, "nthread": 2}
out["uplift"] = []
for name in ("Womens E-Mail", "Mens E-Mail"):
    used = table.segment.isin([name, "No E-Mail"]).to_numpy()
    x, y = features[used].to_numpy(), table.visit[used].to_numpy()
    treated, test = (table.segment[used] == name).to_numpy().astype(int), slots[used] < 0.5
    rng = np.random.default_rng(1)
    fold = rng.permutation(len(y)) % 3
    answers = []
    for arm in (0, 1):
        mean = np.zeros(test.sum())
        for k in range(3):
            mine = ~test & (treated == arm)
            learn, stop = xgb.DMatrix(x[mine & (fold != k)], y[mine & (fold != k)]), xgb.DMatrix(x[mine & (fold == k)], y[mine & (fold == k)])
            model = xgb.train(settings, learn, 300, evals=[(stop, "stop")], early_stopping_rounds=30, verbose_eval=False)
            mean += model.predict(xgb.DMatrix(x[test]), iteration_range=(0, model.best_iteration + 1)) / 3
        answers.append(mean)
    tt, ty = treated[test], y[test]
    uplift = answers[1] - answers[0]
    draws = []
    for _ in range(300):
        rows = rng.integers(0, len(ty), len(ty))
        draws.append((qini(uplift[rows], tt[rows], ty[rows]), qini(answers[1][rows], tt[rows], ty[rows])))
    draws = np.array(draws)
    out["uplift"].append({
        "arm": name, "people": int(used.sum()), "test": int(test.sum()), "byHistory": qini(table.history[used].to_numpy()[test].astype(np.float32), tt, ty),
        "xgboost": {"qini": qini(uplift, tt, ty), "low": np.quantile(draws[:, 0], 0.05), "high": np.quantile(draws[:, 0], 0.95), "response": qini(answers[1], tt, ty),
                    "responseLow": np.quantile(draws[:, 1], 0.05), "responseHigh": np.quantile(draws[:, 1], 0.95)}})
print(json.dumps(out, indent=1))
