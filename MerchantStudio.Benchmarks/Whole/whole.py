"""An event file to clean, deduplicated, sessionised events and 40 features a user, in pandas. Arguments: FILE CUTOFF. Prints one JSON object."""
import json
import resource
import sys
import time

import numpy as np
import pandas as pd

path, cutoff = sys.argv[1], pd.Timestamp(sys.argv[2])
seconds, clock = {}, time.perf_counter()


def done(part):
    global clock
    seconds[part] = time.perf_counter() - clock
    clock = time.perf_counter()


text = ["user_id", "event_type", "item_id", "category", "brand", "device", "region", "channel"]
events = pd.read_csv(path, dtype={**{name: "category" for name in text}, "price": "float64", "quantity": "float32"})
events["timestamp"] = pd.to_datetime(events["timestamp"], format="%Y-%m-%dT%H:%M:%SZ", errors="coerce")
done("import")

events = events[events["timestamp"].notna() & events["user_id"].notna() & ~((events["event_type"] == "purchase") & (events["price"] <= 0))]
events = events.drop_duplicates()
done("clean")

events = events.sort_values(["user_id", "timestamp"], kind="stable", ignore_index=True)
user = events["user_id"].cat.codes.to_numpy()
pause = events["timestamp"].diff()
events["session"] = ((np.diff(user, prepend=-1) != 0) | (pause > pd.Timedelta(minutes=30)).to_numpy()).cumsum()
done("sessions")

known = events[events["timestamp"] < cutoff]
user = known["user_id"].cat.codes.to_numpy()
kind = {name: (known["event_type"] == name).to_numpy() for name in ["view", "search", "favorite", "add_to_cart", "purchase"]}
age = ((cutoff - known["timestamp"]).dt.total_seconds() / 86400).to_numpy()
within = {days: age <= days for days in (1, 7, 30)}
amount = (known["price"] * known["quantity"]).to_numpy()
hour, weekday = known["timestamp"].dt.hour.to_numpy(), known["timestamp"].dt.weekday.to_numpy()

sums = pd.DataFrame({
    "events_1d": within[1], "events_7d": within[7], "events_30d": within[30], "events_all": np.ones(len(known), dtype=bool),
    "views_1d": kind["view"] & within[1], "views_7d": kind["view"] & within[7], "views_30d": kind["view"] & within[30],
    "searches_30d": kind["search"] & within[30], "favorites_30d": kind["favorite"] & within[30],
    "carts_1d": kind["add_to_cart"] & within[1], "carts_7d": kind["add_to_cart"] & within[7], "carts_30d": kind["add_to_cart"] & within[30],
    "evening": hour >= 18, "weekend": weekday >= 5, "mobile": known["device"].isin(["mobile", "app"]).to_numpy(),
}).groupby(user, sort=True).sum().astype("float64")
features = sums
features["evening_share"] = features.pop("evening") / features["events_all"]
features["weekend_share"] = features.pop("weekend") / features["events_all"]
features["mobile_share"] = features.pop("mobile") / features["events_all"]
features["activity_trend"] = features["events_7d"] / features["events_30d"].replace(0, np.nan)
features["cart_rate_30d"] = features["carts_30d"] / features["views_30d"].replace(0, np.nan)
ages = pd.Series(age).groupby(user).agg(["min", "max"])
features["hours_since_event"], features["tenure_days"] = ages["min"] * 24, ages["max"]
features["hours_since_cart"] = pd.Series(age[kind["add_to_cart"]]).groupby(user[kind["add_to_cart"]]).min() * 24

day = known["timestamp"].dt.floor("D").to_numpy()
for days in (7, 30):
    recent = pd.DataFrame({"user": user[within[days]], "day": day[within[days]]})
    features[f"active_days_{days}d"] = recent.drop_duplicates().groupby("user").size()

session = pd.DataFrame({"session": known["session"].to_numpy(), "user": user, "at": known["timestamp"].to_numpy()}).groupby("session").agg(
    user=("user", "first"), first=("at", "min"), last=("at", "max"), events=("at", "size"))
session_user = session["user"]
session["age"] = (cutoff - session["last"]).dt.total_seconds() / 86400
session["minutes"] = (session["last"] - session["first"]).dt.total_seconds() / 60
visits = session.groupby(session_user)
features["sessions_7d"] = (session["age"] <= 7).groupby(session_user).sum()
features["sessions_30d"] = (session["age"] <= 30).groupby(session_user).sum()
features["sessions_all"] = visits.size()
features["events_per_session"], features["session_minutes"] = visits["events"].mean(), visits["minutes"].mean()
features["last_session_events"], features["last_session_minutes"] = visits["events"].last(), visits["minutes"].last()

item = known["item_id"].cat.codes.to_numpy()
for days in (7, 30):
    seen = kind["view"] & within[days]
    viewed = pd.DataFrame({"user": user[seen], "item": item[seen]}).groupby(["user", "item"]).size()
    features[f"items_viewed_{days}d"] = viewed.groupby(level="user").size()
    if days == 7:
        features["most_viewed_item_7d"] = viewed.groupby(level="user").max()

bought = kind["purchase"]
lines = pd.DataFrame({"user": user[bought], "at": known["timestamp"].to_numpy()[bought], "age": age[bought], "amount": amount[bought], "items": known["quantity"].to_numpy()[bought]})
order = lines.groupby(["user", "at"], as_index=False).agg(age=("age", "max"), amount=("amount", "sum"), items=("items", "sum"))
orders = order.groupby("user")
features["orders_30d"] = (order["age"] <= 30).groupby(order["user"]).sum()
features["orders_all"] = orders.size()
features["spend_all"], features["average_order"], features["items_per_order"] = orders["amount"].sum(), orders["amount"].mean(), orders["items"].mean()
features["days_since_order"] = orders["age"].min()
order["gap"] = orders["at"].diff().dt.total_seconds() / 86400
features["order_gap_days"], features["order_gap_spread"] = order.groupby("user")["gap"].mean(), order.groupby("user")["gap"].std()

category = known["category"].cat.codes.to_numpy()
counted = pd.DataFrame({"user": user, "category": category}).groupby(["user", "category"]).size()
total = counted.groupby(level="user").sum()
features["top_category_share"] = counted.groupby(level="user").max() / total
features["category_entropy"] = np.log(total) - (counted * np.log(counted)).groupby(level="user").sum() / total
counts = [name for name in features if name.startswith(("active_days", "sessions", "items_viewed", "most_viewed", "orders_"))]
features[counts] = features[counts].fillna(0)
done("features")

print(json.dumps({
    "versions": f"pandas {pd.__version__}, numpy {np.__version__}, Python {sys.version.split()[0]}",
    "seconds": seconds, "peakGigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    "rows": len(events), "sessions": int(events["session"].iloc[-1]), "users": len(features), "revenue": float((events["price"] * events["quantity"])[events["event_type"] == "purchase"].sum()),
    "views30": float(features["views_30d"].sum()), "orders": float(features["orders_all"].sum()), "recency": float(features["hours_since_event"].mean()), "features": features.shape[1]}))
