# %% 两个数据框进来 / two data frames in
import matplotlib.pyplot as plt
import pandas as pd
from sqlalchemy import create_engine

import pingan_logic

units = pd.read_csv("facts/sample-county/units.csv", dtype=str)
ledgers = pd.read_csv("facts/sample-county/ledgers.csv", dtype={"unit": str, "item": str})
facts = pingan_logic.Facts.from_frames(units=units, ledgers=ledgers)

# %% 判定 / judge
result = pingan_logic.evaluate(facts, year=2014)
result.to_pandas()["status"].value_counts()

# %% 一个楼栋的理由，一个乡镇怎样才能达标 / why, and what would help
print(result.explain("B-12").text("zh"))
print(result.fix("T-03").text("en"))

# %% 达标率画成图 / plot the attainment
county = result.programme().to_pandas().query("scope.isna()")
(county.met / county.counted).set_axis(county.kind).plot.barh()
plt.savefig("attainment.png")

# %% 结果写进数据库 / write the results to a database
verdicts = result.to_pandas()[["id", "kind", "name", "status"]]
verdicts.to_sql("verdicts", create_engine("sqlite:///verdicts.db"), index=False)
