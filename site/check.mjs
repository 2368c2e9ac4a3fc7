// Opens every page of the built site in headless Chromium, at desktop and phone width: it loads, nothing is said on the
// console, nothing is asked of another host, links and pictures lead somewhere, and nothing is wider than the screen.
//   CHROMIUM=/usr/bin/chromium node check.mjs [--screenshots FOLDER]
import { createServer } from 'node:http'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const site = dirname(fileURLToPath(import.meta.url))
const dist = resolve(site, '.vitepress/dist')
const shots = process.argv.includes('--screenshots') ? process.argv[process.argv.indexOf('--screenshots') + 1] : undefined
const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.json': 'application/json', '.woff2': 'font/woff2' }
const faults = []

const pages = files(dist).filter(file => file.endsWith('.html') && !file.startsWith('api/') && file !== '404.html')
const server = await serve()
const origin = `http://127.0.0.1:${server.address().port}`
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
})
try {
  for (const [size, viewport] of Object.entries(sizes)) {
    const context = await browser.newContext({ viewport })
    for (const page of pages) {
      await look(context, page, size)
    }
    await context.close()
  }
  await dark()
  await search()
} finally {
  await browser.close()
  server.close()
}
if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log(`${pages.length} pages at ${Object.keys(sizes).length} widths: no fault`)

async function look(context, page, size) {
  const fault = text => faults.push(`${page} (${size}): ${text}`)
  const tab = await context.newPage()
  tab.on('console', message => ['error', 'warning'].includes(message.type()) && fault(`console: ${message.text()}`))
  tab.on('pageerror', error => fault(`error: ${error.message}`))
  tab.on('request', request => !request.url().startsWith(origin) && !/^(data|blob):/.test(request.url()) && fault(`asks ${request.url()}`))
  tab.on('response', response => response.status() >= 400 && fault(`${response.status()} ${response.url()}`))
  await tab.goto(`${origin}/${page}`, { waitUntil: 'networkidle' })
  const seen = await tab.evaluate(() => ({
    title: document.querySelector('h1')?.textContent ?? '',
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    links: [...document.querySelectorAll('a[href]')].map(a => a.href),
    ids: [...document.querySelectorAll('[id]')].map(e => e.id),
    broken: [...document.querySelectorAll('img')].filter(i => !(i.complete && i.naturalWidth > 0)).map(i => i.src),
    nameless: [...document.querySelectorAll('main img')].filter(i => !i.alt).map(i => i.src),
  }))
  if (seen.title === '') fault('no heading')
  if (seen.wide > 0) fault(`${seen.wide} pixels wider than the screen`)
  seen.broken.forEach(src => fault(`picture missing: ${src}`))
  seen.nameless.forEach(src => fault(`picture without alt: ${src}`))
  for (const href of new Set(seen.links)) {
    const url = new URL(href)
    if (url.origin !== origin) continue
    const file = target(url.pathname)
    if (!file) fault(`dead link: ${href}`)
    else if (url.hash && file.endsWith('.html') && !ids(file).has(decodeURIComponent(url.hash.slice(1)))) {
      if (!(relative(dist, file) === page && seen.ids.includes(decodeURIComponent(url.hash.slice(1))))) fault(`dead anchor: ${href}`)
    }
  }
  if (shots) {
    mkdirSync(shots, { recursive: true })
    await tab.screenshot({ path: join(shots, `${size}-${page.replaceAll('/', '-').replace('.html', '')}.png`), fullPage: true })
  }
  await tab.close()
}

async function dark() {
  const tab = await browser.newPage({ colorScheme: 'dark' })
  await tab.goto(`${origin}/index.html`, { waitUntil: 'networkidle' })
  if (!(await tab.evaluate(() => document.documentElement.classList.contains('dark')))) {
    faults.push('index.html: stays light where the system is dark')
  }
  await tab.close()
}

async function search() {
  const tab = await browser.newPage({ viewport: sizes.desktop })
  await tab.goto(`${origin}/index.html`, { waitUntil: 'networkidle' })
  await tab.click('.VPNavBarSearch button')
  await tab.fill('.VPLocalSearchBox input', 'gradient accumulation')
  try {
    await tab.waitForSelector('.VPLocalSearchBox .result', { timeout: 10_000 })
  } catch {
    faults.push('index.html: search finds nothing for "gradient accumulation"')
  }
  await tab.close()
}

function ids(file) {
  return new Set([...readFileSync(file, 'utf8').matchAll(/\b(?:id|name)="([^"]+)"/g)].map(match => match[1]))
}

function target(path) {
  const file = join(dist, decodeURIComponent(path))
  if (!existsSync(file)) return undefined
  return statSync(file).isDirectory() ? target(join(path, 'index.html')) : file
}

function serve() {
  const server = createServer((request, response) => {
    const file = target(new URL(request.url, 'http://localhost').pathname)
    if (!file) {
      response.writeHead(404).end()
    } else {
      response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
    }
  })
  return new Promise(done => server.listen(0, '127.0.0.1', () => done(server)))
}

function files(folder, base = folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? files(join(folder, entry.name), base) : [relative(base, join(folder, entry.name))])
}
