"""XGBoost's histograms on the matrix that the benchmark wrote: python3 trees.py PATH ROWS COLUMNS THREADS.

Needs Debian's python3-xgboost and python3-sklearn; nothing of the product uses it.
"""
import json, sys, time
import numpy as np, xgboost as xgb
from sklearn.metrics import roc_auc_score

path, rows, columns, threads = sys.argv[1], *map(int, sys.argv[2:5])


def read(kind, rows):
    values = np.fromfile(f"{path}-{kind}", dtype=np.float32)
    x = np.ascontiguousarray(values[:rows * columns].reshape(columns, rows).T)
    return x, values[rows * columns:]


x, y = read("train", rows)
test_x, test_y = read("test", rows // 10)
cpu, start = time.process_time(), time.perf_counter()
matrix = xgb.DMatrix(x, label=y, nthread=threads)
parameters = dict(objective="binary:logistic", tree_method="hist", max_depth=6, learning_rate=0.1, max_bin=255, nthread=threads,
                  min_child_weight=1, reg_lambda=1, subsample=1, colsample_bytree=1, base_score=float(y.mean()))
booster = xgb.Booster(parameters, [matrix])
booster.update(matrix, 0)  # the first round also makes the bins
first = time.perf_counter() - start
rounds = time.perf_counter()
for round in range(1, 100):
    booster.update(matrix, round)
others = time.perf_counter() - rounds
trees = others * 100 / 99
score = roc_auc_score(test_y, booster.predict(xgb.DMatrix(test_x, nthread=threads)))
print(json.dumps(dict(bins=first + others - trees, trees=trees, processor=time.process_time() - cpu, auroc=float(score), versions=xgb.__version__)))
