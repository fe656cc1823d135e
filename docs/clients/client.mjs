// 用 JavaScript 调用服务（Node 18 起，浏览器相同）/ the service with JavaScript: node client.mjs http://127.0.0.1:8014
const url = process.argv[2] ?? "http://127.0.0.1:8014";
const token = process.env.PINGAN_TOKEN;

async function ask(path, body) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const options = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
  const response = await fetch(url + path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail); // RFC 9457
  return answer;
}

const building = await ask("/explain/B-12"); // 一个单位的理由 / the reasons for a unit
console.log(building.unit.name, building.status);
for (const unit of (await ask("/units?kind=building&status=failed&size=5")).units) {
  console.log(unit.id, unit.failed);
}
for (const row of (await ask("/programme")).attainment.slice(0, 3)) { // 目标任务 / targets
  console.log(row.kind, row.rate_text);
}
console.log((await ask("/params")).params.length); // 门槛和开关 / thresholds and switches
console.log((await ask("/fix", { unit: "C-02", year: 2014 })).cost); // 怎样才能达标 / what would make it met
const facts = { units: [{ id: "H-1", kind: "household" }] };
console.log((await ask("/evaluate", { year: 2014, facts })).units); // 判定发来的数据 / judge data that is sent
console.log((await ask("/check", facts)).ok); // 检查一份数据 / check data
